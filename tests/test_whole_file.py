"""Files are there whole or not at all, also where a file system knows no fsync."""

import errno

import pytest

from sim.whole_file import whole_file


def written(path, text):
    with whole_file(path) as partial:
        partial.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("number", [errno.EINVAL, errno.ENOTSUP, errno.ENOSYS])
def test_a_file_system_without_fsync_is_written_to(number, tmp_path, monkeypatch):
    def unknown(_):
        raise OSError(number, "not known here")

    monkeypatch.setattr("os.fsync", unknown)
    written(tmp_path / "a.txt", "new")

    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == "new"
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


@pytest.mark.parametrize("number", [errno.EIO, errno.ENOSPC])
def test_a_disk_that_fails_leaves_what_was_there(number, tmp_path, monkeypatch):
    path = tmp_path / "a.txt"
    written(path, "old")

    def fails(_):
        raise OSError(number, "failed")

    monkeypatch.setattr("os.fsync", fails)
    with pytest.raises(OSError, match="failed"):
        written(path, "new")

    assert path.read_text(encoding="utf-8") == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]

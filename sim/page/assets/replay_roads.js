// Roads as they run: who drives from junction to junction follows the road, evenly by its length.

const CLOSE = 2e-5; // to a straight line, so that a point is taken to lie on it [degrees]

const last = (list) => list[list.length - 1];

class Roads {
  constructor(lon, lat, worlds) {
    Object.assign(this, {lon, lat});
    this.lines = new Map(); // the points of a road that bends, by the two at its ends
    this.begin = new Map(); // such roads, by the junction that they begin at
    this.junctions = new Set();
    for (const world of worlds) {
      const [from, to, , , shapes, driven] = world.roads;
      world.lines = from.map((start, row) => [start, ...summed(shapes[row]), to[row]]);
      world.lines.forEach((line, row) => {
        this.junctions.add(line[0]).add(last(line));
        if (line.length < 3) return;
        if (driven[row] & 1) this.add(line);
        if (driven[row] & 2) this.add([...line].reverse());
      });
    }
  }

  add(line) {
    this.lines.set(`${line[0]} ${last(line)}`, line);
    if (!this.begin.has(line[0])) this.begin.set(line[0], []);
    this.begin.get(line[0]).push(line);
  }

  // A way with the points of its roads, and when each is passed, in parts of the drive.
  along(way) {
    if (!this.lines.size) return way;
    const points = way.points.slice(0, 1);
    const shares = way.shares.slice(0, 1);
    for (let i = 1; i < way.points.length; i++) {
      const line = this.between(way.points[i - 1], way.points[i]);
      const passed = this.lengths(line);
      const [from, lasts] = [way.shares[i - 1], way.shares[i] - way.shares[i - 1]];
      for (let j = 1; j < line.length; j++) {
        points.push(line[j]);
        shares.push(from + lasts * (passed[j] / (last(passed) || 1)));
      }
    }
    return {points, shares};
  }

  between(a, b) {
    const key = `${a} ${b}`;
    if (!this.lines.has(key)) this.split(...(this.junctions.has(a) ? [a, b] : [b, a]));
    return this.lines.get(key) || [a, b];
  }

  // The log has a team midway at its share of the straight line: here it is at that of the road.
  split(junction, point) {
    if (this.junctions.has(point)) return;
    for (const line of this.begin.get(junction) || []) {
      const share = this.shareOf(point, line[0], last(line));
      if (!(share > 0 && share < 1)) continue;
      const passed = this.lengths(line);
      const at = share * last(passed);
      const next = upTo(passed, at);
      const [a, b] = [line[next - 1], line[next]];
      const part = (at - passed[next - 1]) / (passed[next] - passed[next - 1]);
      for (const axis of [this.lon, this.lat]) axis[point] = axis[a] + part * (axis[b] - axis[a]);
      for (const piece of [[...line.slice(0, next), point], [point, ...line.slice(next)]]) {
        for (const own of [piece, [...piece].reverse()]) this.lines.set(`${own[0]} ${last(own)}`, own);
      }
      return;
    }
  }

  // How far along a straight line a point lies, as a share of it; not a number where it is off it.
  shareOf(point, from, to) {
    const [u, v] = this.apart(from, to);
    const [x, y] = this.apart(from, point);
    const share = (x * u + y * v) / (u * u + v * v);
    return Math.hypot(x - share * u, y - share * v) < CLOSE ? share : NaN;
  }

  // From one point to another, in degrees of latitude.
  apart(a, b) {
    const shrink = Math.cos((this.lat[a] * Math.PI) / 180);
    return [(this.lon[b] - this.lon[a]) * shrink, this.lat[b] - this.lat[a]];
  }

  // How far it is to each point of a line.
  lengths(line) {
    let far = 0;
    return line.map((point, i) => (far += i ? Math.hypot(...this.apart(line[i - 1], point)) : 0));
  }
}

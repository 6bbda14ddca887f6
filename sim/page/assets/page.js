(() => {
  "use strict";
  const root = document.documentElement;
  const words = JSON.parse(document.getElementById("words").textContent);
  const languages = ["en", "ar"];
  const rightToLeft = new Set(["ar"]);
  const choices = [...document.querySelectorAll("[data-language-choice]")];

  const speak = (language) => {
    const column = languages.indexOf(language);
    root.lang = language;
    root.dir = rightToLeft.has(language) ? "rtl" : "ltr";
    for (const element of document.querySelectorAll("[data-word]")) {
      const row = words[element.dataset.word];
      if (row) element.textContent = row[column];
    }
    for (const element of document.querySelectorAll("[data-word-label]")) {
      const row = words[element.dataset.wordLabel];
      if (row) element.setAttribute("aria-label", row[column]);
    }
    for (const element of document.querySelectorAll("[data-language]")) {
      element.hidden = element.dataset.language !== language;
    }
    for (const choice of choices) {
      choice.setAttribute("aria-pressed", String(choice.dataset.languageChoice === language));
    }
    document.dispatchEvent(new CustomEvent("rescuesim:language", { detail: { language } }));
  };
  for (const choice of choices) {
    choice.addEventListener("click", () => speak(choice.dataset.languageChoice));
  }
  const asked = location.hash.slice(1); // page.html#ar opens in Arabic
  if (languages.includes(asked)) speak(asked);

  // A place chosen in a table is marked on the maps, and the other way round.
  const rows = [...document.querySelectorAll("tr[data-place]")];
  document.addEventListener("rescuesim:place", (event) => {
    for (const row of rows) row.classList.toggle("chosen", row.dataset.place === event.detail.place);
  });
  for (const button of document.querySelectorAll("button[data-place]")) {
    button.addEventListener("click", () => {
      const detail = { place: button.dataset.place };
      document.dispatchEvent(new CustomEvent("rescuesim:place", { detail }));
    });
  }

  // Paper cannot be unfolded: what is closed is opened to be printed.
  const opened = [];
  addEventListener("beforeprint", () => {
    for (const closed of document.querySelectorAll("details:not([open])")) {
      closed.open = true;
      closed.classList.add("was-closed");
      opened.push(closed);
    }
  });
  addEventListener("afterprint", () => {
    for (const closed of opened.splice(0)) {
      closed.open = false;
      closed.classList.remove("was-closed");
    }
  });

  // Only what does not fit may be scrolled, and only that is a stop of the Tab key.
  const stops = () => {
    for (const box of document.querySelectorAll(".wide")) {
      if (box.scrollWidth > box.clientWidth + 1) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  };
  addEventListener("resize", stops);
  stops();
})();

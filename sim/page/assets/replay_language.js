// Words in the language of the page, instants on the local clock, and elements.

class Language {
  constructor(words, shared) {
    this.words = words;
    this.shared = shared;
    this.change(document.documentElement.lang);
  }

  change(lang) {
    this.lang = (lang || 'en').toLowerCase().startsWith('ar') ? 'ar' : 'en';
    const locale = this.lang === 'ar' ? 'ar-SY-u-nu-latn' : 'en-GB';
    const format = (options) => new Intl.DateTimeFormat(locale, {timeZone: 'UTC', ...options});
    const time = {hour: '2-digit', minute: '2-digit', hourCycle: 'h23'};
    this.full = format({weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', ...time});
    this.short = format({day: 'numeric', month: 'short', ...time});
    this.date = format({weekday: 'long', day: 'numeric', month: 'long', year: 'numeric'});
  }

  word(key) {
    const both = this.words[`rp_${key}`];
    return both ? both[this.lang === 'ar' ? 1 : 0] : key;
  }

  // A word of the log, as it is where the table has none.
  logged(word) {
    const both = this.words[`rp_w_${word}`];
    return both ? both[this.lang === 'ar' ? 1 : 0] : word;
  }

  // A sentence as nodes, with names put in and isolated.
  say(key, parts = {}) {
    return this.word(key).split(/\{(\w+)\}/).map((text, i) => {
      if (i % 2 === 0) return text;
      const part = parts[text];
      return part instanceof Node ? part : h('bdi', {}, String(part ?? ''));
    });
  }

  text(key, parts = {}) {
    return this.word(key).replace(/\{(\w+)\}/g, (_, name) => `\u2068${parts[name] ?? ''}\u2069`);
  }

  at(seconds) {
    return this.short.format(this.shown(seconds)) + this.shared.toldApart(seconds);
  }

  clock(seconds) {
    return this.full.format(this.shown(seconds)) + this.shared.toldApart(seconds);
  }

  day(seconds) {
    return this.date.format(this.shown(seconds));
  }

  // What clocks show, as an instant of UTC.
  shown(seconds) {
    return this.shared.start + this.shared.local(seconds) * 1000;
  }

  lasting(seconds) {
    const minutes = Math.round(seconds / 60);
    const ar = this.lang === 'ar';
    if (minutes < 60) return ar ? `${minutes} د` : `${minutes} min`;
    const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
    const tail = rest ? (ar ? ` ${rest} د` : ` ${rest} min`) : '';
    return (ar ? `${hours} س` : `${hours} h`) + tail;
  }
}

function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'on') element.addEventListener('click', value);
    else if (value !== undefined && value !== false) element.setAttribute(name, value);
  }
  element.append(...children.flat(3).filter((child) => child !== null && child !== undefined));
  return element;
}

function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.flat(3));
  return element;
}

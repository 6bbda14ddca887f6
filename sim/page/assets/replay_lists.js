// The same as lists, for screen readers, for keys, and for those who want no movement.

const MOST_EVENTS = 14; // shown up to the current time

class Lists {
  constructor(shared, language, stories, choose) {
    Object.assign(this, {shared, language, stories, choose});
    this.known = new Map();
  }

  // All that happened in a course, without words yet: [at, what, team, callout, other].
  happened(course) {
    if (this.known.has(course)) return this.known.get(course);
    const found = [];
    const {shared} = this;
    for (let c = 0; c < shared.count; c++) {
      if (course.outcome[c] < 0) continue;
      found.push([shared.received[c], 'received', -1, c, null]);
      if (course.ended[c] >= 0 && course.onScene[c] < 0) found.push([course.ended[c], 'over', -1, c, null]);
    }
    for (const m of course.missions) {
      const steps = [
        ['sent', m.dispatched], ['scene', m.onScene], ['left', m.left], ['hospital', m.atHospital],
        ['cleared', m.cleared],
      ];
      for (const [what, at] of steps) if (at >= 0) found.push([at, what, m.team, m.callout, m]);
    }
    for (const d of course.decisions) {
      const crew = d.question === 2 && course.crew.get(d.subject);
      if (crew && d.chosen >= 0 && d.chosen !== crew.base) found.push([d.at, 'moved', d.subject, -1, d]);
    }
    for (const e of course.events) if (e.at >= 0) found.push([e.at, 'event', e.team, e.callout, e]);
    found.sort((a, b) => a[0] - b[0]);
    this.known.set(course, found);
    return found;
  }

  // The last events up to a moment, those that are the same in both told once.
  near(courses, at) {
    const merged = new Map();
    courses.forEach((course, side) => {
      const all = this.happened(course);
      const upto = upTo(this.instantsOf(course), at);
      for (const one of all.slice(Math.max(0, upto - MOST_EVENTS), upto)) {
        const [when, what, team, callout, other] = one;
        const detail = what === 'event' ? `${other.what}/${other.who}` : what === 'moved' ? other.chosen : '';
        const hospital = other && other.hospital >= 0 && (what === 'left' || what === 'hospital') ? other.hospital : '';
        const ending = what === 'cleared' ? other.ending : '';
        const key = [when, what, team, callout, detail, hospital, ending].join('|');
        const had = merged.get(key);
        if (had && !had.sides.includes(side)) had.sides.push(side);
        if (!had) merged.set(key, {key, one, course, sides: [side]});
      }
    });
    return [...merged.values()].sort((a, b) => b.one[0] - a.one[0]).slice(0, MOST_EVENTS);
  }

  instantsOf(course) {
    const all = this.happened(course);
    course.happenedAt ||= all.map(([when]) => when);
    return course.happenedAt;
  }

  // When the next event is, of any course; the end of the run after the last.
  next(courses, at) {
    const found = courses.map((course) => {
      const all = this.instantsOf(course);
      return all[upTo(all, at)] ?? this.shared.ends;
    });
    return Math.min(...found, this.shared.ends);
  }

  said({one: [, what, team, callout, other], course}) {
    const {language: l, shared, stories} = this;
    const {names} = shared;
    const n = callout >= 0 ? course.number[callout] : other && other.number;
    if (what === 'event') return stories.event(other);
    if (what === 'moved') return l.say('e_moved', {team: names.teams[team], base: names.bases[other.chosen]});
    return l.say(`e_${what}`, {
      n, team: names.teams[team],
      kind: callout < 0 ? '' : names.kinds[shared.kind[callout]],
      place: callout < 0 ? '' : stories.placeName(shared.place[callout]),
      hospital: other && other.hospital >= 0 ? names.hospitals[other.hospital] : '',
      ending: what === 'cleared' ? l.logged(names.words[other.ending]) : '',
      outcome: what === 'over' ? l.logged(names.words[course.outcome[callout]]) : '',
    });
  }

  events(list, courses, at) {
    const {language: l} = this;
    const near = this.near(courses, at).map((found) => ({
      key: `${found.key}|${found.sides}`,
      make: () => this.item(found, courses),
    }));
    const none = {key: 'none', make: () => h('li', {}, l.word('no_events'))};
    renewed(list, near.length ? near : [none]);
  }

  item(found, courses) {
    const {language: l} = this;
    const both = found.sides.length === courses.length;
    const side = both ? l.word('both') : courses[found.sides[0]].name;
    return h('li', {}, h('time', {}, l.at(found.one[0])),
      courses.length > 1
        ? h('span', {class: 'rp-side', 'data-side': both ? undefined : found.sides[0]}, h('bdi', {}, side))
        : h('span'),
      h('span', {}, this.said(found)));
  }

  open(list, courses, at) {
    const {language: l, shared, stories} = this;
    const now = courses.map((course) => new Set(openAt(course, at)));
    const all = [...new Set(now.flatMap((own) => [...own]))].sort((a, b) => a - b);
    const items = all.map((c) => {
      const number = courses.map((course) => course.number[c]).find((n) => n >= 0);
      const states = courses.map((course, side) => {
        if (!now[side].has(c)) return null;
        const {state, waited} = calloutAt(course, c, at);
        return h('span', {class: 'rp-small'},
          courses.length > 1 ? [h('bdi', {}, course.name), ': '] : null,
          l.word(`c_${state}`), ', ', h('bdi', {}, l.lasting(waited)));
      });
      return h('li', {}, h('button', {type: 'button', 'data-callout': c, on: () => this.choose({callout: c})},
        h('bdi', {}, `${number}`), ' ', h('bdi', {}, shared.names.kinds[shared.kind[c]]), ', ',
        h('bdi', {}, stories.placeName(shared.place[c])), states));
    });
    replaced(list, items.length ? items : [h('li', {}, l.word('none_open'))]);
  }

  teams(list, courses, at) {
    const {language: l, shared} = this;
    const all = [...new Set(courses.flatMap((course) => course.teams.map((crew) => crew.name)))];
    const items = all.sort((a, b) => a - b).map((team) => {
      const states = courses.map((course) => {
        const crew = course.crew.get(team);
        if (!crew) return null;
        const now = stateAt(course, crew, at);
        const state = l.word(`s_${now.state}`);
        return h('span', {class: 'rp-small'},
          courses.length > 1 ? [h('bdi', {}, course.name), ': '] : null,
          now.mission ? l.say('on', {state, n: now.mission.number}) : state);
      });
      return h('li', {}, h('button', {type: 'button', 'data-team': team, on: () => this.choose({team})},
        h('bdi', {}, `${team + 1} ${shared.names.teams[team]}`), states));
    });
    replaced(list, items);
  }
}

// Items of a list, made as far as they are new: a screen reader says only these.
function renewed(list, items) {
  const wanted = new Set(items.map(({key}) => key));
  for (const item of [...list.children]) if (!wanted.has(item.dataset.key)) item.remove();
  const had = new Map([...list.children].map((item) => [item.dataset.key, item]));
  let next = list.firstChild;
  for (const {key, make} of items) {
    if (next && next.dataset.key === key) {
      next = next.nextSibling;
      continue;
    }
    const item = had.get(key) || make();
    item.dataset.key = key;
    list.insertBefore(item, next);
  }
}

// New items in a list, with the keyboard where it was.
function replaced(list, items) {
  const had = list.contains(document.activeElement) ? document.activeElement : null;
  const name = had && (had.dataset.callout !== undefined ? 'callout' : 'team');
  list.replaceChildren(...items);
  if (had) {
    const same = list.querySelector(`[data-${name}="${had.dataset[name]}"]`);
    (same || list.querySelector('button'))?.focus();
  }
}

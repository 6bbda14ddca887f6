// What is told of a callout, of a place and of a team: under both alternatives, side by side.

const QUESTIONS = ['dispatch', 'reassignment', 'relocation', 'destination'];

class Stories {
  constructor(shared, language, choose) {
    Object.assign(this, {shared, language, choose});
  }

  placeName(number) {
    const [name, arabic] = this.shared.names.places[number];
    return this.language.lang === 'ar' && arabic ? arabic : name;
  }

  link(words, chosen) {
    return h('button', {type: 'button', class: 'rp-link', on: () => this.choose(chosen)}, words);
  }

  // -- a callout -------------------------------------------------------------------------------

  callout(courses, c) {
    const {language: l, shared} = this;
    const number = courses.map((course) => course.number[c]).find((n) => n >= 0);
    const head = l.say('what', {
      kind: shared.names.kinds[shared.kind[c]], priority: shared.priority[c],
      place: this.link(h('bdi', {}, this.placeName(shared.place[c])), {place: shared.place[c]}),
    });
    const columns = courses.map((course, side) =>
      h('div', {}, this.sideTitle(course, side),
        course.outcome[c] < 0
          ? h('p', {}, l.say('not_there', {name: course.name}))
          : [this.verdict(course, c), h('ol', {class: 'rp-story'}, this.steps(course, c))]),
    );
    return [
      h('h4', {}, l.say('callout', {n: number}), ': ', head),
      h('div', {class: 'rp-columns'}, columns),
    ];
  }

  sideTitle(course, side) {
    return h('h4', {}, h('span', {class: 'rp-side', 'data-side': side}, h('bdi', {}, course.name)));
  }

  verdict(course, c) {
    const {language: l, shared} = this;
    const reached = course.onScene[c] >= 0;
    const response = reached ? l.lasting(course.onScene[c] - shared.received[c]) : '';
    const parts = [reached ? l.say('response', {time: response}) : l.word('c_not_reached')];
    const target = shared.targetOf(c);
    if (target) {
      const [name, within, , , full] = target;
      const at = full ? course.attended[c] : course.onScene[c];
      const past = shared.ends - shared.received[c] >= within || course.ended[c] >= 0;
      const met = at >= 0 ? at - shared.received[c] <= within : past ? false : null;
      parts.push('; ', l.say('target', {
        name, met: l.word(met === null ? 'not_known' : met ? 'met' : 'missed'),
      }));
    }
    return h('p', {}, parts);
  }

  // What happened to a callout, in order of time.
  steps(course, c) {
    const {language: l, shared} = this;
    const {names} = shared;
    const found = [[shared.received[c], 0, [l.word('received')]]];
    const add = (at, order, ...nodes) => at >= 0 && found.push([at, order, nodes]);
    add(course.ready[c], 1, l.word('e_ready'));
    for (const d of course.decisionsOn[c]) add(d.at, 2, this.decision(course, d, c));
    for (const m of course.missionsOn[c]) {
      const team = names.teams[m.team];
      const n = course.number[c];
      add(m.enRoute, 3, l.say('e_moving', {team, n}));
      add(m.onScene, 4, l.say('e_scene', {team, n}));
      if (m.hospital >= 0) {
        const hospital = names.hospitals[m.hospital];
        add(m.left, 5, l.say('e_left', {team, hospital}));
        add(m.atHospital, 6, l.say('e_hospital', {team, hospital}));
      }
      add(m.cleared, 7, l.say('e_cleared', {team, ending: l.logged(names.words[m.ending])}));
    }
    for (const e of course.eventsOn[c]) add(e.at, 3, this.event(e));
    const outcome = l.logged(names.words[course.outcome[c]]);
    add(course.ended[c], 8, l.say('e_over', {n: course.number[c], outcome}));
    found.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    return found.map(([at, , nodes]) => h('li', {}, h('time', {}, l.at(at)), h('div', {}, nodes)));
  }

  // An event of the log: what, of which team, where, until when.
  event(e) {
    const {language: l, shared} = this;
    const {names} = shared;
    const nodes = [l.logged(e.what)];
    const named = this.named(e);
    if (e.team >= 0) nodes.unshift(h('bdi', {}, names.teams[e.team]), ': ');
    if (named) nodes.push(' (', h('bdi', {}, named), ')');
    if (e.until >= 0 && e.until <= shared.ends) nodes.push(' → ', h('bdi', {}, l.at(e.until)));
    return nodes;
  }

  named(e) {
    const {names} = this.shared;
    if (e.who < 0) return '';
    if (/closure|reopened/.test(e.what)) return names.closures[e.who];
    if (/checkpoint/.test(e.what)) return names.checkpoints[e.who];
    if (e.what === 'offload delay') return names.hospitals[e.who];
    if (e.what === 'no access' || e.what === 'access again') return this.placeName(e.who);
    return '';
  }

  decision(course, d, c) {
    const {language: l, shared} = this;
    const {names} = shared;
    const ofHospital = QUESTIONS[d.question] === 'destination';
    const words = ofHospital ? names.hospitals : names.teams;
    let said = l.word('d_none');
    if (d.chosen >= 0) {
      const key = ofHospital ? 'd_hospital' : d.question === 1 ? 'd_reassigned' : 'd_sent';
      const time = d.expected < 0 ? l.word('no_access') : l.lasting(d.expected);
      said = l.say(key, {team: words[d.chosen], hospital: words[d.chosen], time});
    }
    const why = h('span', {class: 'rp-small', lang: 'en', dir: 'ltr'},
      l.say('why', {rule: names.words[d.rule], why: names.words[d.why]}));
    return [said, why, this.candidates(course, d, words, ofHospital)];
  }

  candidates(course, d, words, ofHospital) {
    if (!d.candidates.length) return null;
    const {language: l, shared} = this;
    const order = [...d.candidates].sort((a, b) => far(a[1]) - far(b[1]) || a[0] - b[0]);
    const rows = order.map(([who, time]) =>
      h('tr', {'data-chosen': who === d.chosen ? '' : undefined},
        h('th', {scope: 'row'}, h('bdi', {}, words[who])),
        h('td', {}, time < 0 ? l.word('no_access') : l.lasting(time)),
        h('td', {}, who === d.chosen ? l.word('chosen') : '')),
    );
    const among = new Set(d.candidates.map(([who]) => who));
    const others = ofHospital ? [] : course.teams.filter((crew) => !among.has(crew.name));
    const absent = others.map((crew) => {
      const now = stateAt(course, crew, d.at - 1);
      const state = l.word(`s_${now.state}`);
      return h('li', {}, h('bdi', {}, shared.names.teams[crew.name]), ': ',
        now.mission ? l.say('on', {state, n: now.mission.number}) : state);
    });
    return h('details', {},
      h('summary', {}, l.say('candidates', {n: order.length})),
      h('table', {}, h('thead', {}, h('tr', {},
        h('th', {scope: 'col'}, l.word('candidate')),
        h('th', {scope: 'col'}, l.word('expected')),
        h('td', {}))), h('tbody', {}, rows)),
      absent.length ? [h('p', {class: 'rp-small'}, l.word('not_candidates')),
        h('ul', {class: 'rp-small'}, absent)] : null);
  }

  // -- a place ---------------------------------------------------------------------------------

  place(courses, place) {
    const {language: l, shared} = this;
    const here = [];
    for (let c = 0; c < shared.count; c++) if (shared.place[c] === place) here.push(c);
    const name = this.placeName(place);
    const area = shared.names.places[place][2];
    const nodes = [
      h('h4', {}, h('bdi', {}, name)),
      h('p', {}, l.say('place_counts', {n: here.length, area})),
    ];
    const course = courses[0];
    const teams = course.teams.filter((crew) => crew.place === place);
    const hospitals = course.world.hospitals.filter(([, at]) => at === place);
    if (teams.length) {
      nodes.push(h('p', {}, l.word('bases_here').replace('{names}', ''), listed(teams.map((crew) =>
        this.link([h('bdi', {}, `${crew.name + 1} ${shared.names.teams[crew.name]}`)], {team: crew.name})))));
    }
    if (hospitals.length) {
      const names = hospitals.map(([n, , , , , , arabic]) =>
        h('bdi', {}, l.lang === 'ar' && arabic ? arabic : shared.names.hospitals[n]));
      nodes.push(h('p', {}, l.word('hospitals_here').replace('{names}', ''), listed(names)));
    }
    if (here.length) nodes.push(this.curve(courses, here, name));
    if (here.length && here.length < 20) nodes.push(h('p', {class: 'rp-note'}, l.word('few')));
    return nodes;
  }

  // The share of a place's callouts reached after so many minutes, a line an alternative.
  curve(courses, here, name) {
    const {language: l, shared} = this;
    const [wide, high, left, bottom] = [520, 220, 40, 34];
    const times = courses.map((course) => here
      .filter((c) => course.onScene[c] >= 0)
      .map((c) => (course.onScene[c] - shared.received[c]) / 60)
      .sort((a, b) => a - b));
    const many = courses.map((course) => here.filter((c) => course.outcome[c] >= 0).length);
    const last = Math.max(...times.map((own) => own[Math.floor(own.length * 0.95)] || 0), 20);
    const step = [5, 10, 15, 30, 60, 120, 240, 480, 1440].find((s) => last <= 6 * s) || 1440 * 7;
    const top = step * Math.ceil(last / step);
    const x = (minutes) => left + (Math.min(minutes, top) / top) * (wide - left - 12);
    const y = (share) => high - bottom - share * (high - bottom - 12);
    const parts = [0, 0.5, 1].flatMap((share) => [
      svg('path', {class: 'rp-axis', d: `M${left} ${y(share)}H${wide - 12}`}),
      svg('text', {x: left - 6, y: y(share) + 4, 'text-anchor': 'end'}, `${share * 100} %`),
    ]);
    for (let m = 0; m <= top; m += step) {
      parts.push(svg('text', {x: x(m), y: high - bottom + 16, 'text-anchor': 'middle'}, `${m}`));
    }
    const limits = [...new Set(here.map((c) => shared.targetOf(c)).filter(Boolean).map((t) => t[1] / 60))];
    for (const limit of limits.filter((m) => m <= top)) {
      parts.push(svg('path', {class: 'rp-target', d: `M${x(limit)} ${y(0)}V${y(1)}`}));
    }
    parts.push(svg('text', {x: wide - 12, y: high - 4, 'text-anchor': 'end'}, l.text('minutes', {n: ''})));
    courses.forEach((course, side) => {
      let path = `M${x(0)} ${y(0)}`;
      times[side].forEach((m, i) => {
        if (m <= top) path += `H${x(m).toFixed(1)}V${y((i + 1) / many[side]).toFixed(1)}`;
      });
      parts.push(svg('path', {class: side ? 'rp-second' : 'rp-first', d: `${path}H${x(top)}`}));
    });
    const limit = limits[0] || shared.pack.horizon / 60;
    const told = courses.map((course, side) => h('li', {},
      h('span', {class: 'rp-side', 'data-side': side}, h('bdi', {}, course.name)), ' ',
      l.say('reached_of', {
        n: times[side].length, all: many[side],
        within: times[side].filter((m) => m <= limit).length,
      }), ' ', h('bdi', {}, l.lasting(limit * 60))));
    return h('div', {},
      svg('svg', {
        class: 'rp-figure', viewBox: `0 0 ${wide} ${high}`, role: 'img',
        'aria-label': `${l.word('curve')}: ${name}`,
      }, parts),
      h('p', {class: 'rp-note'}, l.word('curve')), h('ul', {class: 'rp-plain'}, told));
  }

  // -- a team ----------------------------------------------------------------------------------

  team(courses, team, at) {
    const {language: l, shared} = this;
    const day = 86400;
    const clock = (shared.start / 1000) % day;
    const midnight = Math.floor((shared.local(at) + clock) / day) * day - clock;
    const [begins, ends] = [shared.instant(midnight), shared.instant(midnight + day)];
    const title = `${team + 1} ${shared.names.teams[team]}`;
    const columns = courses.map((course, side) => {
      const crew = course.crew.get(team);
      if (!crew) return h('div', {}, this.sideTitle(course, side), '–');
      const own = course.missionsOf[team].filter((m) =>
        m.dispatched < ends && (m.cleared < 0 || m.cleared > begins));
      const about = l.say('team_base', {base: shared.names.bases[crew.base], people: crew.people});
      return h('div', {}, this.sideTitle(course, side), h('p', {}, about),
        this.strip(course, crew, own, [begins, ends], at),
        own.length ? h('ol', {class: 'rp-story'}, own.map((m) => this.mission(m)))
          : h('p', {}, l.word('no_mission')));
    });
    return [
      h('h4', {}, h('bdi', {}, title), ' – ', l.say('day_of', {day: l.day(at)})),
      h('div', {class: 'rp-columns'}, columns),
    ];
  }

  mission(m) {
    const {language: l, shared} = this;
    const what = m.callout < 0 ? l.word('before') : this.link(l.say('mission', {
      n: m.number, kind: shared.names.kinds[shared.kind[m.callout]],
      place: this.placeName(shared.place[m.callout]),
    }), {callout: m.callout});
    const until = m.cleared < 0 ? '' : l.at(m.cleared);
    return h('li', {}, h('time', {}, l.at(m.dispatched)), h('div', {}, what, ' ',
      h('span', {class: 'rp-small'}, `→ ${until} `, l.logged(shared.names.words[m.ending]))));
  }

  // A day as a strip: height and fill say what the team did, duty is the ground below.
  strip(course, crew, missions, [begins, ends], at) {
    const [wide, high] = [520, 62];
    const day = ends - begins; // it may have 23 or 25 hours
    const x = (t) => 4 + (Math.min(Math.max(t - begins, 0), day) / day) * (wide - 8);
    const bar = (from, until, cls, y, tall) => svg('rect', {
      class: cls, x: x(from).toFixed(1), y, height: tall,
      width: Math.max(x(until) - x(from), 0.8).toFixed(1),
    });
    const parts = crew.duty
      .filter(([a, b]) => b > begins && a < ends)
      .map(([a, b]) => bar(a, b, 'rp-t-duty', 38, 4));
    const tall = {ready: 8, way: 16, scene: 30, to_hospital: 16, at_hospital: 24};
    for (const m of missions) {
      const marks = [
        [READY, m.dispatched], [WAY, m.enRoute], [SCENE, m.onScene], [TO_HOSPITAL, m.left],
        [AT_HOSPITAL, m.atHospital],
      ].filter(([, t]) => t >= 0);
      marks.forEach(([state, from], i) => {
        const until = i + 1 < marks.length ? marks[i + 1][1] : m.cleared < 0 ? course.shared.ends : m.cleared;
        if (until > from && until > begins && from < ends) {
          parts.push(bar(from, until, `rp-t-${state}`, 36 - tall[state], tall[state]));
        }
      });
    }
    const {shared} = course;
    const hourAt = (hour) => shared.instant(shared.local(begins) + hour * 3600);
    for (let hour = 0; hour <= 24; hour += 6) {
      const anchor = hour === 0 ? 'start' : hour === 24 ? 'end' : 'middle';
      const said = `${String(hour).padStart(2, '0')}:00`;
      parts.push(svg('text', {x: x(hourAt(hour)), y: 57, 'text-anchor': anchor}, said));
    }
    parts.push(svg('path', {class: 'rp-t-now', d: `M${x(at)} 2V44`}));
    return svg('svg', {
      class: 'rp-figure', viewBox: `0 0 ${wide} ${high}`, role: 'img',
      'aria-label': this.language.text('day_of', {day: this.language.day(at)}),
    }, parts);
  }
}

const far = (time) => (time < 0 ? Infinity : time);

function listed(nodes) {
  return nodes.flatMap((node, i) => (i ? [', ', node] : [node]));
}

// Two maps in step: one clock for both, moved by buttons, keys, touch and the bar of time.

const SPEEDS = [
  [60, 'minute_s'], [300, '5_minutes_s'], [900, '15_minutes_s'], [3600, 'hour_s'],
  [21600, '6_hours_s'], [86400, 'day_s'],
];
const STEP = 600; // an arrow key moves so far [s]
const LISTS_EVERY = 500; // lists are made again so often while it plays [ms]
const $ = (id) => document.getElementById(`rp-${id}`);

class Replay {
  constructor(section, pack) {
    this.section = section;
    this.shared = new Shared(pack);
    this.language = new Language(pageWords(), this.shared);
    this.all = pack.alternatives.map((packed) => new Course(this.shared, packed));
    this.single = this.all.length < 2;
    this.courses = this.single ? [this.all[0]] : [this.all[0], this.all[1]];
    const choose = (chosen) => this.choose(chosen);
    this.stories = new Stories(this.shared, this.language, choose);
    this.lists = new Lists(this.shared, this.language, this.stories, choose);
    this.hasMap = pack.map;
    this.camera = this.hasMap ? new Camera(this.shared) : null;
    this.views = this.hasMap ? [0, 1].map((side) => new MapView($(`map-${side}`), this.camera)) : [];
    this.scrubber = new Scrubber($('load'));
    Object.assign(this, {at: 0, speed: 900, playing: false, chosen: {}, told: 0});
    this.calm = window.matchMedia('(prefers-reduced-motion: reduce)');
    if (this.single) section.dataset.single = '';
    if (!this.hasMap) section.dataset.nomap = '';
    $('range').max = this.shared.ends;
  }

  begin() {
    this.listen();
    this.part();
    this.translate();
    this.section.dataset.state = 'ready';
    $('body').hidden = false;
    $('message').hidden = this.hasMap;
    $('message').dataset.word = 'rp_no_map';
    $('message').textContent = this.hasMap ? '' : this.language.word('no_map');
    this.look = lookOf(this.section);
    this.tell();
    this.draw();
  }

  // -- what is compared --------------------------------------------------------------------------

  part() {
    this.partings = this.single ? [] : partings(...this.courses);
    const reached = this.partings.filter(({difference}) => difference);
    const by = (sign) => reached.filter(({difference}) => difference * sign > 0)
      .sort((a, b) => sign * (b.difference - a.difference) || a.at - b.at)[0];
    const earliest = [...this.partings].sort((a, b) => a.at - b.at)[0];
    this.jumps = {'first-difference': earliest, 'largest-gain': by(-1), 'largest-loss': by(1)};
    for (const [id, to] of Object.entries(this.jumps)) $(id).disabled = !to;
    this.scrubber.key = '';
  }

  // -- the clock ---------------------------------------------------------------------------------

  seek(at, still = false) {
    this.at = Math.min(Math.max(at, 0), this.shared.ends);
    if (!still) this.tell();
    this.draw();
  }

  play(on = !this.playing) {
    if (on && this.at >= this.shared.ends) this.at = 0;
    this.playing = on;
    $('play').setAttribute('aria-pressed', on);
    $('play').textContent = this.language.word(on ? 'pause' : 'play');
    $('events').setAttribute('aria-live', on && !this.calm.matches ? 'off' : 'polite');
    this.last = performance.now();
    if (on) requestAnimationFrame((now) => this.tick(now));
    else this.tell();
  }

  tick(now) {
    if (!this.playing) return;
    if (this.calm.matches) this.stepCalmly(now);
    else {
      const passed = Math.min(now - this.last, 100);
      this.last = now;
      this.at = Math.min(this.at + (passed / 1000) * this.speed, this.shared.ends);
      if (now - this.told > LISTS_EVERY) this.tell();
      this.draw();
    }
    if (this.at >= this.shared.ends) this.play(false);
    else requestAnimationFrame((later) => this.tick(later));
  }

  // For those who want no movement: from event to event, one in two seconds.
  stepCalmly(now) {
    if (now - this.last < 2000) return;
    this.last = now;
    this.seek(this.lists.next(this.courses, this.at));
  }

  // -- drawing -----------------------------------------------------------------------------------

  draw() {
    const {language: l} = this;
    this.courses.forEach((course, side) => {
      const view = this.views[side];
      if (view && view.visible) view.draw(course, this.at, this.look, l.lang, this.chosen);
    });
    this.scrubber.draw(this.courses, this.partings, this.at, this.look);
    const minute = Math.floor(this.at / 60);
    if (minute === this.minute) return;
    this.minute = minute;
    $('clock').textContent = l.clock(this.at);
    $('clock').setAttribute('datetime', new Date(l.shown(this.at)).toISOString().slice(0, 16));
    $('range').value = this.at;
    $('range').setAttribute('aria-valuetext', l.clock(this.at));
  }

  // Lists and labels: where the maps are not seen they say the same.
  tell() {
    const {language: l, courses, at} = this;
    this.told = performance.now();
    this.lists.events($('events'), courses, at);
    this.lists.open($('open'), courses, at);
    this.lists.teams($('teams'), courses, at);
    courses.forEach((course, side) => {
      const pending = openAt(course, at).filter((c) =>
        course.ready[c] >= 0 && course.ready[c] <= at && calloutAt(course, c, at).state === 'pending').length;
      const states = course.teams.map((crew) => stateAt(course, crew, at));
      const busy = states.filter(({mission}) => mission).length;
      const duty = states.filter(({state}) => state !== OFF).length;
      $(`now-${side}`).textContent = l.text('now', {pending, busy, duty});
      const label = l.text('map_of', {name: course.name, when: l.clock(at)});
      $(`map-${side}`).setAttribute('aria-label', `${label}. ${$(`now-${side}`).textContent}`);
    });
    if (this.chosen.team !== undefined && !$('detail').contains(document.activeElement)) this.tellChosen();
  }

  tellChosen() {
    const {chosen, stories, courses, at} = this;
    let nodes = [h('p', {class: 'rp-note'}, this.language.word('choose'))];
    if (chosen.callout !== undefined) nodes = stories.callout(courses, chosen.callout);
    else if (chosen.team !== undefined) nodes = stories.team(courses, chosen.team, at);
    else if (chosen.place !== undefined) nodes = stories.place(courses, chosen.place);
    $('detail').replaceChildren(...nodes);
  }

  choose(chosen, quiet = false) {
    this.chosen = chosen;
    this.tellChosen();
    this.draw();
    if (chosen.place !== undefined && !quiet) {
      const [place] = this.shared.names.places[chosen.place];
      document.dispatchEvent(new CustomEvent('rescuesim:place', {detail: {place, from: 'replay'}}));
    }
    if (!quiet && Object.keys(chosen).length) $('detail').focus({preventScroll: this.seen($('detail'))});
  }

  seen(element) {
    const {top, bottom} = element.getBoundingClientRect();
    return bottom > 0 && top < window.innerHeight - 80;
  }

  // Where a team is drawn at a moment: longitude and latitude. [degrees]
  whereabouts(side, team, at) {
    const course = this.courses[side];
    const {lon, lat} = whereIs(course, course.crew.get(team), driveAt(course, team, at), at, {});
    return [lon, lat];
  }

  jump(id) {
    const to = this.jumps[id];
    if (!to) return;
    this.play(false);
    this.choose({callout: to.callout}, true);
    this.seek(to.at);
  }

  // -- words -------------------------------------------------------------------------------------

  translate() {
    const {language: l, shared} = this;
    for (const element of this.section.querySelectorAll('[data-word^="rp_"]')) {
      element.textContent = l.word(element.dataset.word.slice(3));
    }
    for (const element of this.section.querySelectorAll('[data-word-label^="rp_"]')) {
      element.setAttribute('aria-label', l.word(element.dataset.wordLabel.slice(3)));
    }
    $('play').textContent = l.word(this.playing ? 'pause' : 'play');
    $('speed').replaceChildren(...SPEEDS.map(([speed, key]) =>
      h('option', {value: speed, selected: speed === this.speed ? '' : undefined}, l.word(key))));
    this.fillSelects();
    this.tellNotes();
    const hours = l.lasting(shared.pack.horizon);
    $('ring').replaceChildren(...l.say('ring', {h: hours}));
    this.fillLegend();
    this.tellChosen();
    $('events').replaceChildren();
    this.minute = -1;
  }

  fillSelects() {
    this.courses.forEach((course, side) => {
      $(`select-${side}`).replaceChildren(...this.all.map((one, i) => h('option', {
        value: i, selected: one === course ? '' : undefined, dir: 'auto',
        disabled: !this.single && one === this.courses[1 - side] ? '' : undefined,
      }, short(one.name, 60))));
    });
  }

  tellNotes() {
    const {language: l, shared} = this;
    const {pack} = shared;
    const note = this.single ? 'bar_alone' : 'bar';
    $('bar-note').replaceChildren(l.word(note));
    const items = [];
    if (!this.single) {
      const n = this.partings.length;
      const sooner = this.partings.filter(({difference}) => difference < 0).length;
      const later = this.partings.filter(({difference}) => difference > 0).length;
      items.push(n ? l.say('parted', {
        all: shared.count, second: this.courses[1].name, sooner, later,
        other: n - sooner - later, same: shared.count - n,
      }) : l.word('same'));
    }
    $('typical').replaceChildren(
      ...l.say(pack.replications > 1 ? 'one_replication' : 'only_replication', {n: pack.replications}),
    );
    if (!pack.on_roads) items.push(l.word('straight'));
    if (pack.left_out.length) items.push(l.say('left_out', {names: pack.left_out.join(', ')}));
    const [candidates, ways, until] = pack.thinned;
    if (!candidates) items.push(l.word('thin_candidates'));
    if (!ways) items.push(l.word('thin_ways'));
    if (until) items.push(l.say('thin_until', {when: l.clock(until)}));
    const worlds = this.courses.map((course) => course.world);
    const modelled = worlds.some((world) => world.modelled);
    if (modelled) items.push(h('strong', {}, l.word('not_operations')));
    for (const said of new Set(worlds.flatMap((world) => world.notes))) {
      if (!modelled || !/not for operations/i.test(said)) items.push(h('bdi', {lang: 'en'}, said));
    }
    $('notes').replaceChildren(...items.map((nodes) => h('li', {}, nodes)));
  }

  // The legend is drawn by what draws the maps.
  fillLegend() {
    const {language: l} = this;
    const look = lookOf(this.section);
    const late = {state: 'pending', share: 1.5};
    const rows = [
      ...STATES.map((state) => [`s_${state}`, {}, (ctx) => drawTeam(ctx, look, 17, 14, '7', state)]),
      ...[1, 2, 3].map((n) => ['c_priority', {n}, (ctx) => drawCallout(ctx, look, 17, 14, n, {state: 'pending', share: 0.3})]),
      ['c_priority_4', {}, (ctx) => drawCallout(ctx, look, 17, 14, 4, {state: 'pending', share: 0.3})],
      ['c_not_ready', {}, (ctx) => drawCallout(ctx, look, 17, 14, 1, {state: 'not_ready', share: 0.15})],
      ['c_reached', {}, (ctx) => drawCallout(ctx, look, 17, 14, 1, {state: 'reached', share: 0.6})],
      ['c_late', {}, (ctx) => drawCallout(ctx, look, 17, 14, 1, late)],
      ['c_not_reached', {}, (ctx) => drawCallout(ctx, look, 17, 14, 1, {state: 'not_reached', share: 1})],
      ['base', {}, (ctx) => drawBase(ctx, look, 17, 14)],
      ['hospital', {}, (ctx) => drawHospital(ctx, look, 17, 18, false, '2/4')],
      ['hospital_closed', {}, (ctx) => drawHospital(ctx, look, 17, 14, true, '')],
      ['checkpoint', {}, (ctx) => drawCheckpoint(ctx, look, 17, 14)],
      ['closed', {}, (ctx) => drawRoadSign(ctx, look, 2)],
      ['closed_unknown', {}, (ctx) => drawRoadSign(ctx, look, 1)],
      ['modelled', {}, (ctx) => drawRoadSign(ctx, look, 0)],
    ];
    $('legend').replaceChildren(...rows.map(([key, parts, sign]) => {
      const canvas = h('canvas', {width: 68, height: 56, 'aria-hidden': 'true', class: 'rp-sign'});
      const ctx = canvas.getContext('2d');
      ctx.scale(2, 2);
      sign(ctx);
      return h('li', {}, canvas, h('span', {}, l.say(key, parts)));
    }));
  }

  // -- listening ---------------------------------------------------------------------------------

  listen() {
    $('play').addEventListener('click', () => this.play());
    $('speed').addEventListener('change', () => (this.speed = Number($('speed').value)));
    $('range').addEventListener('input', () => this.seek(Number($('range').value)));
    for (const id of ['first-difference', 'largest-gain', 'largest-loss']) {
      $(id).addEventListener('click', () => this.jump(id));
    }
    [0, 1].forEach((side) => $(`select-${side}`).addEventListener('change', (event) => {
      this.courses[side] = this.all[Number(event.target.value)];
      this.compared();
    }));
    $('switch').addEventListener('click', () => {
      this.section.dataset.shown = this.section.dataset.shown === '0' ? '1' : '0';
      this.draw();
    });
    $('zoom-in').addEventListener('click', () => this.zoom(1.6));
    $('zoom-out').addEventListener('click', () => this.zoom(1 / 1.6));
    $('whole').addEventListener('click', () => this.zoom(0));
    this.section.addEventListener('keydown', (event) => this.key(event));
    this.listenToPointer();
    this.listenToPage();
  }

  compared() {
    $('events').replaceChildren();
    this.part();
    this.fillSelects();
    this.tellNotes();
    this.tellChosen();
    this.tell();
    this.draw();
  }

  zoom(factor) {
    if (!this.camera) return;
    if (factor) this.camera.zoomBy(factor);
    else this.camera.reset();
    const zoomed = this.camera.zoom > this.camera.first;
    for (const view of this.views) view.canvas.toggleAttribute('data-zoomed', zoomed);
    this.draw();
  }

  key(event) {
    const {target} = event;
    if (event.ctrlKey || event.metaKey || event.altKey || target.tagName === 'SELECT') return;
    if (event.key === ' ' && /^(BUTTON|SUMMARY)$/.test(target.tagName)) return;
    const scrolls = target.id === 'rp-events';
    const step = event.shiftKey ? 86400 : STEP;
    const faster = SPEEDS.findIndex(([speed]) => speed === this.speed);
    const does = {
      ' ': () => this.play(),
      ArrowRight: () => this.seek(this.at + step),
      ArrowLeft: () => this.seek(this.at - step),
      ArrowUp: scrolls ? null : () => this.seek(this.at + step),
      ArrowDown: scrolls ? null : () => this.seek(this.at - step),
      Home: () => this.seek(0),
      End: () => this.seek(this.shared.ends),
      '+': () => this.setSpeed(faster + 1),
      '=': () => this.setSpeed(faster + 1),
      '-': () => this.setSpeed(faster - 1),
    }[event.key];
    const upDown = event.key === 'ArrowUp' || event.key === 'ArrowDown';
    if (!does || (upDown && target.id !== 'rp-range')) return;
    event.preventDefault();
    does();
  }

  setSpeed(number) {
    const [speed] = SPEEDS[Math.min(Math.max(number, 0), SPEEDS.length - 1)];
    this.speed = speed;
    $('speed').value = speed;
  }

  listenToPointer() {
    const bar = $('scrubber');
    const to = (event) => {
      const {left, width} = bar.getBoundingClientRect();
      this.seek(((event.clientX - left) / width) * this.shared.ends);
    };
    bar.addEventListener('pointerdown', (event) => {
      bar.setPointerCapture(event.pointerId);
      $('range').focus({preventScroll: true});
      event.preventDefault();
      to(event);
    });
    bar.addEventListener('pointermove', (event) => bar.hasPointerCapture(event.pointerId) && to(event));
    this.views.forEach((view, side) => new Hand(view, this.camera, {
      tap: (x, y) => this.choose(view.hit(this.courses[side], this.at, x, y)),
      moved: () => this.zoom(1),
    }));
  }

  listenToPage() {
    document.addEventListener('rescuesim:language', (event) => {
      this.language.change(event.detail?.lang || event.detail?.language || document.documentElement.lang);
      this.translate();
      this.tell();
      this.draw();
    });
    document.addEventListener('rescuesim:place', (event) => {
      if (event.detail?.from === 'replay') return;
      const place = this.shared.names.places.findIndex(([name]) => name === event.detail?.place);
      if (place >= 0) this.choose({place}, true);
    });
    const again = () => {
      this.look = lookOf(this.section);
      this.scrubber.key = '';
      this.fillLegend();
      this.draw();
    };
    window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', again);
    new ResizeObserver(() => this.draw()).observe(this.section);
  }
}

// What fingers and mouse do on a map: a tap chooses, a drag moves, two fingers zoom.
class Hand {
  constructor(view, camera, {tap, moved}) {
    Object.assign(this, {view, camera, tap, moved});
    this.down = new Map();
    const {canvas} = view;
    canvas.addEventListener('pointerdown', (event) => {
      this.down.set(event.pointerId, [event.clientX, event.clientY]);
      this.travelled = this.down.size > 1 ? Infinity : 0;
      canvas.setPointerCapture(event.pointerId);
    });
    canvas.addEventListener('pointermove', (event) => this.move(event));
    for (const end of ['pointerup', 'pointercancel']) {
      canvas.addEventListener(end, (event) => {
        const was = this.down.delete(event.pointerId);
        if (was && end === 'pointerup' && this.travelled < 6) this.tap(event.offsetX, event.offsetY);
      });
    }
    canvas.addEventListener('wheel', (event) => {
      if (!event.ctrlKey) return; // without it the wheel scrolls the page
      event.preventDefault();
      camera.zoomBy(Math.exp(-event.deltaY / 200));
      moved();
    }, {passive: false});
  }

  move(event) {
    const before = this.down.get(event.pointerId);
    if (!before) return;
    const now = [event.clientX, event.clientY];
    const {width, height} = this.view;
    if (this.down.size === 2) {
      const [other] = [...this.down].filter(([id]) => id !== event.pointerId).map(([, at]) => at);
      const apart = (at) => Math.hypot(at[0] - other[0], at[1] - other[1]);
      this.camera.zoomBy(apart(now) / Math.max(apart(before), 1));
    } else {
      this.travelled += Math.hypot(now[0] - before[0], now[1] - before[1]);
      if (this.travelled >= 6 && this.camera.zoom > 1) {
        this.camera.pan(now[0] - before[0], now[1] - before[1], width, height);
      }
    }
    this.down.set(event.pointerId, now);
    this.moved();
  }
}

// The table of words of the page, which has those of the replay too.
function pageWords() {
  return JSON.parse(document.getElementById('words').textContent);
}

async function begun() {
  const section = $('replay');
  const packed = document.getElementById('rp-data');
  if (!section || !packed) return;
  if (typeof DecompressionStream === 'undefined') {
    $('message').hidden = true;
    $('old').hidden = false;
    section.dataset.state = 'old';
    return;
  }
  section.replay = new Replay(section, await unpacked(packed.textContent));
  section.replay.begin();
}

begun();

// One map: what stands still is drawn once on a canvas behind, what moves on top of it.

// Where both maps look: they move together.
class Camera {
  constructor(shared) {
    this.shared = shared;
    const {places} = shared.names;
    const often = (shared.often = countsOf(shared));
    const bases = new Set(shared.pack.worlds.flatMap((world) => world.bases.map(([, at]) => at)));
    this.box = this.around(() => true, places);
    const home = this.around((i) => often[i] || bases.has(i), places);
    const [west, east, south, north] = this.box;
    this.shrink = Math.cos((((south + north) / 2) * Math.PI) / 180);
    this.home = isFinite(home[0]) ? home : this.box;
    this.start();
  }

  around(isIn, places) {
    const shown = places.filter(([, , , x], i) => x !== null && isIn(i));
    const lon = shown.map(([, , , x]) => x / 1e5);
    const lat = shown.map(([, , , , y]) => y / 1e5);
    return [Math.min(...lon), Math.max(...lon), Math.min(...lat), Math.max(...lat)];
  }

  // At first where bases and callouts are; hospitals may lie farther out.
  start() {
    this.reset();
    const [west, east, south, north] = this.home;
    const all = this.box;
    const wide = Math.max(east - west, 0.01) / Math.max(all[1] - all[0], 0.01);
    const high = Math.max(north - south, 0.01) / Math.max(all[3] - all[2], 0.01);
    this.zoom = Math.min(Math.max(1 / Math.max(wide, high), 1), 8);
    this.lon = (west + east) / 2;
    this.lat = (south + north) / 2;
    this.first = this.zoom;
  }

  reset() {
    const [west, east, south, north] = this.box;
    this.lon = (west + east) / 2;
    this.lat = (south + north) / 2;
    this.zoom = 1;
  }

  // Pixels for a degree of latitude on a map of some size.
  scale(width, height) {
    const [west, east, south, north] = this.box;
    const wide = Math.max((east - west) * this.shrink, 0.01);
    const high = Math.max(north - south, 0.01);
    return this.zoom * Math.min((width - 64) / wide, (height - 64) / high);
  }

  zoomBy(factor) {
    this.zoom = Math.min(Math.max(this.zoom * factor, 1), 40);
    if (this.zoom === 1) this.reset();
  }

  pan(dx, dy, width, height) {
    const k = this.scale(width, height);
    const [west, east, south, north] = this.box;
    this.lon = Math.min(Math.max(this.lon - dx / (k * this.shrink), west), east);
    this.lat = Math.min(Math.max(this.lat + dy / k, south), north);
  }
}

class MapView {
  constructor(canvas, camera) {
    this.canvas = canvas;
    this.ctx = canvas.getContext('2d');
    this.behind = document.createElement('canvas');
    this.camera = camera;
    this.key = '';
    this.spot = {lon: 0, lat: 0, east: 1, north: 0};
  }

  get visible() {
    return this.canvas.offsetParent !== null;
  }

  measure() {
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    const width = this.canvas.clientWidth;
    const height = this.canvas.clientHeight;
    if (this.canvas.width !== Math.round(width * ratio)) this.canvas.width = Math.round(width * ratio);
    if (this.canvas.height !== Math.round(height * ratio)) this.canvas.height = Math.round(height * ratio);
    Object.assign(this, {ratio, width, height, k: this.camera.scale(width, height)});
  }

  x(lon) {
    return this.width / 2 + (lon - this.camera.lon) * this.k * this.camera.shrink;
  }

  y(lat) {
    return this.height / 2 - (lat - this.camera.lat) * this.k;
  }

  // -- what stands still -----------------------------------------------------------------------

  drawBehind(course, at, look, lang) {
    const closed = course.world.closures.map((closure) => closureAt(course, closure, at));
    const guarded = course.world.checkpoints.map(([, , spans]) => +isClosed(spans, at));
    const shut = course.world.hospitals.map(([, , , , , spans]) => +isClosed(spans, at));
    const key = [
      this.canvas.width, this.canvas.height, this.camera.lon, this.camera.lat, this.camera.zoom,
      course.name, closed, guarded, shut, look.ground, lang,
    ].join('|');
    if (key === this.key) return;
    this.key = key;
    this.behind.width = this.canvas.width;
    this.behind.height = this.canvas.height;
    const ctx = this.behind.getContext('2d');
    ctx.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    ctx.fillStyle = look.ground;
    ctx.fillRect(0, 0, this.width, this.height);
    ctx.lineCap = ctx.lineJoin = 'round';
    this.drawCoast(ctx, course, look);
    this.drawRoads(ctx, course, look);
    course.world.closures.forEach((closure, i) => {
      if (closed[i]) this.drawClosure(ctx, course, closure, closed[i], look);
    });
    course.world.checkpoints.forEach(([, point], i) => {
      if (guarded[i]) {
        drawCheckpoint(ctx, look, this.x(course.shared.lon[point]), this.y(course.shared.lat[point]));
      }
    });
    course.world.hospitals.forEach(([, place], i) => {
      drawHospital(ctx, look, ...this.hospital(course, place), shut[i], '');
    });
    for (const [, place] of course.world.bases) {
      const [x, y] = this.place(course, place);
      drawBase(ctx, look, x, y);
    }
    this.drawNames(ctx, course, look, lang);
  }

  place(course, number) {
    const [, , , lon, lat] = course.shared.names.places[number];
    return [this.x(lon / 1e5), this.y(lat / 1e5)];
  }

  // A line through points of the map, to be drawn.
  trace(ctx, course, points) {
    const {lon, lat} = course.shared;
    points.forEach((p, i) => ctx[i ? 'lineTo' : 'moveTo'](this.x(lon[p]), this.y(lat[p])));
  }

  drawCoast(ctx, course, look) {
    ctx.strokeStyle = look.coast;
    ctx.lineWidth = 5;
    ctx.beginPath();
    for (const line of course.world.coast) this.trace(ctx, course, line);
    ctx.stroke();
    ctx.strokeStyle = look.way;
    ctx.lineWidth = 0.8;
    ctx.stroke();
  }

  drawRoads(ctx, course, look) {
    const [, , main, modelled] = course.world.roads;
    ctx.strokeStyle = look.road;
    for (const [isMain, isModelled] of [[0, 1], [0, 0], [1, 1], [1, 0]]) {
      ctx.beginPath();
      course.world.lines.forEach((line, i) => {
        if (main[i] === isMain && modelled[i] === isModelled) this.trace(ctx, course, line);
      });
      ctx.lineWidth = isMain ? 2.4 : 1.2;
      ctx.setLineDash(isModelled ? [4, 3] : []);
      ctx.stroke();
    }
    ctx.setLineDash([]);
  }

  // A closed road: a line with a cross if it is known to be closed, dots if nobody knows yet.
  drawClosure(ctx, course, [, rows], state, look) {
    const {lon, lat} = course.shared;
    for (const row of summed(rows)) {
      const road = course.world.lines[row];
      const line = (width, colour, dash) => {
        ctx.beginPath();
        this.trace(ctx, course, road);
        ctx.lineWidth = width;
        ctx.strokeStyle = colour;
        ctx.setLineDash(dash);
        ctx.stroke();
      };
      line(7, look.ground, []);
      line(3, look.alarm, state === 2 ? [] : [1, 6]);
      ctx.setLineDash([]);
      const {at: [mx, my], long} = middleOf(road.map((p) => [this.x(lon[p]), this.y(lat[p])]));
      if (state !== 2 || long < 9) continue;
      ctx.lineWidth = 2;
      ctx.beginPath();
      ctx.moveTo(mx - 4, my - 4);
      ctx.lineTo(mx + 4, my + 4);
      ctx.moveTo(mx + 4, my - 4);
      ctx.lineTo(mx - 4, my + 4);
      ctx.stroke();
    }
  }

  // Names of bases first, then of places with the most callouts, as far as there is room.
  drawNames(ctx, course, look, lang) {
    const {places} = course.shared.names;
    const boxes = course.world.hospitals.map(([, place]) => {
      const [x, y] = this.hospital(course, place);
      return [x - 7, y - 7, x + 7, y + 7];
    });
    const bases = new Set(course.world.bases.map(([, place]) => place));
    const {often} = course.shared;
    const order = places.map((_, i) => i).filter((i) => places[i][3] !== null);
    order.sort((a, b) => bases.has(b) - bases.has(a) || often[b] - often[a] || a - b);
    for (const i of order) {
      const [x, y] = this.place(course, i);
      if (x < -50 || y < -20 || x > this.width + 50 || y > this.height + 20) continue;
      ctx.fillStyle = look.muted;
      if (!bases.has(i)) ctx.fillRect(x - 1.5, y - 1.5, 3, 3);
      const font = bases.has(i) ? look.baseFont : look.nameFont;
      ctx.font = font;
      const said = short(lang === 'ar' && places[i][1] ? places[i][1] : places[i][0], 28);
      const width = ctx.measureText(said).width;
      const gap = bases.has(i) ? 13 : 8;
      const left = x + gap + width > this.width ? x - gap - width : x + gap;
      const box = [left - 3, y - 9, left + width + 3, y + 9];
      if (!bases.has(i) && boxes.some((b) => meets(b, box, 5))) continue;
      boxes.push(box);
      halo(ctx, look, said, left, y, 'left', bases.has(i) ? look.ink : look.muted, font);
    }
  }

  // -- what moves ------------------------------------------------------------------------------

  // Where everything is at a moment: teams and callouts, on this map's pixels.
  layout(course, at) {
    const callouts = openAt(course, at).map((c) => {
      const [x, y] = this.place(course, course.shared.place[c]);
      const slot = course.slot[c];
      const turn = slot * 2.4 - 1.2;
      const far = slot ? 15 + 5 * Math.sqrt(slot) : 0;
      return {callout: c, x: x + far * Math.cos(turn), y: y + far * Math.sin(turn)};
    });
    const by = new Map(callouts.map((one) => [one.callout, one]));
    const stands = new Map();
    const teams = course.teams.map((crew) => {
      const now = stateAt(course, crew, at);
      const spot = whereIs(course, crew, now.drive, at, this.spot);
      const one = {
        team: crew.name, crew, now, x: this.x(spot.lon), y: this.y(spot.lat),
        turn: Math.atan2(-spot.north, spot.east * this.camera.shrink),
      };
      this.keepOnMap(one);
      if (!now.moving) {
        const own = now.state === SCENE && by.get(now.mission.callout);
        const key = own ? `c${own.callout}` : `${Math.round(one.x / 6)},${Math.round(one.y / 6)}`;
        if (own) [one.x, one.y] = [own.x, own.y];
        if (!stands.has(key)) stands.set(key, []);
        stands.get(key).push(one);
      }
      return one;
    });
    for (const here of stands.values()) {
      here.forEach((one, i) => {
        const row = Math.floor(i / 4);
        const many = Math.min(here.length - 4 * row, 4);
        one.x += ((i % 4) - (many - 1) / 2) * 18;
        one.y += 19 + 18 * row;
      });
    }
    return {callouts, teams};
  }

  // A team beyond the edge stands at the edge, so that none is forgotten; an arrow points to it.
  keepOnMap(one) {
    const [x, y] = [one.x, one.y];
    one.x = Math.min(Math.max(x, 14), this.width - 14);
    one.y = Math.min(Math.max(y, 14), this.height - 14);
    one.beyond = one.x !== x || one.y !== y ? Math.atan2(y - one.y, x - one.x) : null;
  }

  drawBeyond(one, look) {
    const {ctx} = this;
    const [x, y] = [one.x + 15 * Math.cos(one.beyond), one.y + 15 * Math.sin(one.beyond)];
    polygon(ctx, x, y, [[-3, -5], [4, 0], [-3, 5]], one.beyond);
    ctx.fillStyle = look.ink;
    ctx.fill();
  }

  draw(course, at, look, lang, chosen) {
    this.measure();
    if (!this.canvas.width || !this.canvas.height) return;
    this.drawBehind(course, at, look, lang);
    const {ctx} = this;
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.drawImage(this.behind, 0, 0);
    ctx.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    const {callouts, teams} = this.layout(course, at);
    this.drawLoads(course, at, look);
    for (const one of teams) if (one.now.moving) this.drawAhead(one, course, look);
    for (const {callout, x, y} of callouts) {
      drawCallout(ctx, look, x, y, course.shared.priority[callout], calloutAt(course, callout, at));
      if (chosen.callout === callout) this.mark(x, y, look, 19);
    }
    for (const one of teams) {
      const picture = teamPicture(look, this.ratio, String(one.team + 1), one.now.state, one.turn);
      const half = TEAM_SIZE / 2;
      ctx.drawImage(picture, one.x - half, one.y - half, TEAM_SIZE, TEAM_SIZE);
      if (one.beyond !== null) this.drawBeyond(one, look);
      const come = assembling(course, one.crew, one.now.mission, at);
      if (come) {
        const said = `${come[0]}/${come[1]}`;
        halo(ctx, look, said, one.x, one.y + 16, 'center', look.ready, look.numberFont);
      }
      if (chosen.team === one.team) this.mark(one.x, one.y, look, 16);
    }
    if (chosen.place !== undefined) this.mark(...this.place(course, chosen.place), look, 13);
  }

  // The rest of the drive of a team on its way, so that one sees where it is going.
  drawAhead({now, x, y}, course, look) {
    const {ctx} = this;
    const {points, shares} = now.drive.way;
    const {lon, lat} = course.shared;
    const part = (now.at - now.drive.departs) / (now.drive.arrives - now.drive.departs);
    ctx.beginPath();
    ctx.moveTo(x, y);
    for (let i = upTo(shares, part); i < points.length; i++) {
      ctx.lineTo(this.x(lon[points[i]]), this.y(lat[points[i]]));
    }
    ctx.strokeStyle = look[STATE_COLOUR[now.state]];
    ctx.lineWidth = now.state === RETURNING ? 1 : 2.2;
    ctx.setLineDash(now.state === RETURNING ? [2, 4] : []);
    ctx.globalAlpha = 0.6;
    ctx.stroke();
    ctx.globalAlpha = 1;
    ctx.setLineDash([]);
  }

  drawLoads(course, at, look) {
    const there = atHospitals(course, at);
    for (const [name, place, bays] of course.world.hospitals) {
      const [x, y] = this.hospital(course, place);
      const load = there.get(name) || 0;
      if (load) drawLoad(this.ctx, look, x, y, bays ? `${load}/${bays}` : `${load}`);
    }
  }

  // A hospital stands a little off the middle of its place, where the base may be.
  hospital(course, place) {
    const [x, y] = this.place(course, place);
    return [x - 15, y - 7];
  }

  mark(x, y, look, r) {
    const {ctx} = this;
    ctx.setLineDash([]);
    ctx.strokeStyle = look.accent;
    ctx.lineWidth = 2.5;
    ctx.beginPath();
    ctx.arc(x, y, r, 0, 7);
    ctx.stroke();
  }

  // What is at a point of the map: a team before a callout before a place; or nothing.
  hit(course, at, px, py) {
    const near = (one, most) => Math.hypot(one.x - px, one.y - py) <= most;
    const {callouts, teams} = this.layout(course, at);
    const closest = (list, most) =>
      list.filter((one) => near(one, most)).sort(
        (a, b) => Math.hypot(a.x - px, a.y - py) - Math.hypot(b.x - px, b.y - py),
      )[0];
    const team = closest(teams, 11);
    if (team) return {team: team.team};
    const callout = closest(callouts, 16);
    if (callout) return {callout: callout.callout};
    const places = course.shared.names.places.map(([, , , lon], i) => {
      const [x, y] = lon === null ? [NaN, NaN] : this.place(course, i);
      return {place: i, x, y};
    });
    const place = closest(places, 18);
    return place ? {place: place.place} : {};
  }
}

function countsOf(shared) {
  const often = new Array(shared.names.places.length).fill(0);
  for (const place of shared.place) often[place]++;
  return often;
}

// Where the middle of a line is, and how long it is. [pixels]
function middleOf(points) {
  const steps = points.slice(1).map(([x, y], i) => Math.hypot(x - points[i][0], y - points[i][1]));
  const long = steps.reduce((sum, step) => sum + step, 0);
  let left = long / 2;
  const i = Math.max(steps.findIndex((step) => (left -= step) <= 0), 0);
  const share = steps[i] ? 1 + left / steps[i] : 0;
  const [[x, y], [u, v]] = [points[i], points[i + 1]];
  return {at: [x + share * (u - x), y + share * (v - y)], long};
}

function meets([a, b, c, d], [e, f, g, h], room) {
  return a - room < g && e - room < c && b - room < h && f - room < d;
}

// A name cut in the middle, so that two with the same beginning do not look alike.
function short(name, most) {
  if (name.length <= most) return name;
  const half = Math.floor((most - 1) / 2);
  return `${name.slice(0, half)}…${name.slice(-half)}`;
}

// What the log says of a moment: where a team is and what it does, how long a callout waits.

const WAITING = 'waiting';
const READY = 'ready';
const WAY = 'way';
const SCENE = 'scene';
const TO_HOSPITAL = 'to_hospital';
const AT_HOSPITAL = 'at_hospital';
const RETURNING = 'returning';
const ON_CALL = 'on_call';
const OFF = 'off';
const STATES = [WAITING, READY, WAY, SCENE, TO_HOSPITAL, AT_HOSPITAL, RETURNING, ON_CALL, OFF];

function phaseOf(m, at) {
  if (m.atHospital >= 0 && m.atHospital <= at) return AT_HOSPITAL;
  if (m.left >= 0 && m.left <= at) return TO_HOSPITAL;
  if (m.onScene >= 0 && m.onScene <= at) return SCENE;
  return m.enRoute >= 0 && m.enRoute <= at ? WAY : READY;
}

function missionAt(course, team, at) {
  const own = course.missionsOf[team];
  const begun = upTo(course.begunOf[team], at);
  for (let i = begun - 1; i >= Math.max(begun - 3, 0); i--) { // two may begin at one instant
    if (own[i].cleared < 0 || own[i].cleared > at) return own[i];
  }
  return null;
}

function driveAt(course, team, at) {
  return course.drivesOf[team][upTo(course.heldOf[team], at) - 1];
}

function onDuty(crew, at) {
  return crew.duty.some(([begins, ends]) => begins <= at && at < ends);
}

function isResting(course, team, at) {
  return course.eventsOf[team].some((e) => e.what === 'break' && e.at <= at && at < e.until);
}

// What a team does at a moment: its state, its mission, and whether it is moving.
function stateAt(course, crew, at) {
  const mission = missionAt(course, crew.name, at);
  const drive = driveAt(course, crew.name, at);
  const moving = !!drive && drive.departs <= at && at < drive.arrives;
  if (mission) return {at, state: phaseOf(mission, at), mission, drive, moving};
  if (moving) return {at, state: RETURNING, mission: null, drive, moving};
  const off = !onDuty(crew, at) || isResting(course, crew.name, at);
  return {at, state: off ? OFF : crew.onCall ? ON_CALL : WAITING, mission: null, drive, moving: false};
}

// Where a drive has its team at a moment: longitude, latitude, and the direction it moves in.
function spotOf(shared, drive, at, out) {
  const {points, shares} = drive.way;
  const lasts = drive.arrives - drive.departs;
  const part = lasts > 0 ? Math.min(Math.max((at - drive.departs) / lasts, 0), 1) : 1;
  let i = Math.min(Math.max(upTo(shares, part) - 1, 0), points.length - 2);
  if (points.length === 1) {
    out.lon = shared.lon[points[0]];
    out.lat = shared.lat[points[0]];
    out.east = 1;
    out.north = 0;
    return out;
  }
  const span = shares[i + 1] - shares[i];
  const share = span > 0 ? (part - shares[i]) / span : 1;
  const [a, b] = [points[i], points[i + 1]];
  out.east = shared.lon[b] - shared.lon[a];
  out.north = shared.lat[b] - shared.lat[a];
  out.lon = shared.lon[a] + share * out.east;
  out.lat = shared.lat[a] + share * out.north;
  return out;
}

function whereIs(course, crew, drive, at, out) {
  if (drive) return spotOf(course.shared, drive, at, out);
  const [, , , lon, lat] = course.shared.names.places[crew.place];
  out.lon = lon / 1e5;
  out.lat = lat / 1e5;
  out.east = 1;
  out.north = 0;
  return out;
}

// How many of a crew are at the base, and how many it needs, while it assembles; else null.
function assembling(course, crew, mission, at) {
  if (!crew.onCall || !mission || phaseOf(mission, at) !== READY) return null;
  const come = course.eventsOf[crew.name].filter(
    (e) => e.what === 'arrived' && e.at >= mission.dispatched && e.at <= at,
  );
  return [come.length, crew.minimum];
}

function openAt(course, at) {
  const {received} = course.shared;
  const hour = course.hours[Math.floor(at / 3600)] || [];
  return hour.filter((c) => received[c] <= at && at < course.over(c));
}

function calloutAt(course, c, at) {
  const reached = course.onScene[c] >= 0 && course.onScene[c] <= at;
  const over = course.ended[c] >= 0 && course.ended[c] <= at;
  const aimed = course.shared.inFull[c] ? course.attended[c] : course.onScene[c];
  const until = aimed >= 0 && aimed <= at ? aimed : over ? course.ended[c] : at;
  const waited = until - course.shared.received[c];
  let state = 'pending';
  if (reached) state = 'reached';
  else if (over) state = 'not_reached';
  else if (course.ready[c] < 0 || at < course.ready[c]) state = 'not_ready';
  else if (course.missionsOn[c].some((m) => m.dispatched <= at && (m.cleared < 0 || m.cleared > at))) {
    state = 'sent';
  }
  return {state, waited, share: waited / course.shared.limit[c]};
}

function isClosed(spans, at) {
  return spans.some(([begins, ends]) => begins <= at && at < ends);
}

// Whether a closure is in force at a moment: 0 not, 1 and nobody knows of it, 2 known.
function closureAt(course, [name, , spans], at) {
  const span = spans.find(([begins, ends]) => begins <= at && at < ends);
  if (!span) return 0;
  if (span[2]) return 2;
  const told = (course.known.get(name) || []).filter((e) => e.at <= at).pop();
  return told && told.what === 'closure known' ? 2 : 1;
}

function atHospitals(course, at) {
  const there = new Map();
  for (const crew of course.teams) {
    const m = missionAt(course, crew.name, at);
    if (m && phaseOf(m, at) === AT_HOSPITAL) there.set(m.hospital, (there.get(m.hospital) || 0) + 1);
  }
  return there;
}

// The team first sent, by the decision where there is one: two may be sent at one instant.
function firstSent(course, c) {
  const decision = course.decisionsOn[c].find((d) => d.question === 0 && d.chosen >= 0);
  return decision ? decision.chosen : (course.missionsOn[c][0] || {team: -1}).team;
}

// Callouts that went differently, as `explain` counts them: another first team, response time,
// queue time or outcome. The difference is that of the response times [ms]; infinite where one did
// not reach it.
function partings(first, second) {
  const found = [];
  const {received} = first.shared;
  for (let c = 0; c < received.length; c++) {
    const here = first.outcome[c] >= 0;
    const there = second.outcome[c] >= 0;
    if (!here && !there) continue;
    const team = (course) => firstSent(course, c);
    const differs = here !== there || team(first) !== team(second) ||
      ['response', 'wait', 'outcome'].some((what) => first[what][c] !== second[what][c]);
    if (!differs) continue;
    const reached = [first, second].map((course) => course.onScene[c] >= 0);
    let difference = reached[0] && reached[1] ? second.response[c] - first.response[c] : 0;
    if (reached[0] !== reached[1] && here && there) difference = reached[1] ? -Infinity : Infinity;
    const sent = [first, second].map((course) => course.dispatched[c]).filter((at) => at >= 0);
    found.push({callout: c, at: sent.length ? Math.min(...sent) : received[c], difference});
  }
  return found;
}

// What was packed, unpacked: columns become arrays, instants whole seconds since the start.

async function unpacked(text) {
  const bytes = Uint8Array.from(atob(text.trim()), (c) => c.charCodeAt(0));
  const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return JSON.parse(await new Response(plain).text());
}

function summed(differences) {
  let last = 0;
  return differences.map((d) => (last += d));
}

// An instant told as seconds after another plus 1, where 0 says that there is none: -1 here.
function instants(column, begins) {
  return column.map((d, i) => (d ? begins[i] + d - 1 : -1));
}

// The number of entries of a rising array that are at most a value.
function upTo(rising, value) {
  let low = 0;
  let high = rising.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rising[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function grouped(count, numbers) {
  const found = Array.from({length: count}, () => []);
  numbers.forEach((group, row) => {
    if (group >= 0) found[group].push(row);
  });
  return found;
}

class Shared {
  constructor(pack) {
    this.pack = pack;
    this.ends = pack.thinned[2] || pack.ends;
    this.start = Date.parse(`${pack.start}Z`); // what clocks show, as if it were UTC
    this.changes = pack.clock || []; // when they are put forward, by how much, the offset before
    this.names = pack.names;
    const [x, y] = pack.points.map(summed);
    this.lon = x.map((v) => v / 1e5);
    this.lat = y.map((v) => v / 1e5);
    this.roads = new Roads(this.lon, this.lat, pack.worlds);
    this.ways = pack.ways.map(([points, shares]) => this.roads.along({
      points: summed(points),
      shares: [0, ...summed(shares).map((s) => s / 2000), 1],
    }));
    const [received, kind, priority, place] = pack.facts;
    Object.assign(this, {received: summed(received), kind, priority, place});
    this.count = this.received.length;
    const targets = this.received.map((_, c) => this.targetOf(c));
    this.limit = targets.map((own) => (own ? own[1] : pack.horizon));
    this.inFull = targets.map((own) => !!own && !!own[4]); // whether full attendance is aimed at
  }

  // What clocks show at an instant: seconds since what they show at the start.
  local(seconds) {
    return this.changes.reduce((shown, [at, by]) => (seconds >= at ? shown + by : shown), seconds);
  }

  // When they show it; what they skip is meant by the offset before, what comes twice when first.
  instant(local) {
    const shift = this.changes.reduce(
      (sum, [at, by]) => (local >= at + sum + Math.max(by, 0) ? sum + by : sum), 0);
    return local - shift;
  }

  // The offset from UTC of an instant whose local time comes twice; else nothing.
  toldApart(seconds) {
    const change = this.changes.find(([at, by]) => by <= seconds - at && seconds - at < -by);
    if (!change) return '';
    const [at, by, before] = change;
    const ahead = before + (seconds < at ? 0 : by / 60);
    const two = (n) => String(n).padStart(2, '0');
    const [hours, minutes] = [Math.floor(Math.abs(ahead) / 60), Math.abs(ahead) % 60];
    return ` (UTC${ahead < 0 ? '-' : '+'}${two(hours)}:${two(minutes)})`;
  }

  // The first target that is about a callout, or undefined.
  targetOf(c) {
    return this.pack.targets.find(
      ([, , kind, priority, , places, times]) =>
        (!kind || kind - 1 === this.kind[c]) && (!priority || priority === this.priority[c]) &&
        (!places || places.includes(this.place[c])) &&
        (!times || times.some(([from, until]) => from <= this.received[c] && this.received[c] < until)),
    );
  }
}

// One alternative's log: callouts by the numbers that all share, missions, drives, decisions.
class Course {
  constructor(shared, packed) {
    this.shared = shared;
    this.name = packed.name;
    this.world = shared.pack.worlds[packed.world];
    this.teams = packed.teams.map(([name, base, place, people, onCall, minimum, duty]) => (
      {name, base, place, people, onCall: !!onCall, minimum, duty}
    ));
    this.crew = new Map(this.teams.map((team) => [team.name, team]));
    this.readCallouts(packed.callouts);
    this.readMissions(packed.missions);
    this.readDrives(packed.drives);
    this.readEvents(packed.events);
    this.readDecisions(packed.decisions);
    this.openByHour();
    this.slots();
  }

  readCallouts([facts, numbers, ready, dispatched, onScene, attended, ended, outcome, response, wait]) {
    const n = this.shared.count;
    const none = () => new Array(n).fill(-1);
    const steps = {ready, dispatched, onScene, attended, ended};
    Object.assign(this, {
      number: none(), ready: none(), dispatched: none(), onScene: none(), attended: none(),
      ended: none(), outcome: none(), response: none(), wait: none(), // these two in ms, to compare
    });
    const rows = summed(facts);
    const said = summed(numbers);
    rows.forEach((c, i) => {
      this.number[c] = said[i];
      this.outcome[c] = outcome[i];
      this.response[c] = response[i] - 1;
      this.wait[c] = wait[i] - 1;
      for (const [step, column] of Object.entries(steps)) {
        if (column[i]) this[step][c] = this.shared.received[c] + column[i] - 1;
      }
    });
  }

  readMissions([dispatched, team, callout, enRoute, onScene, left, at, cleared, hospital, ending, said]) {
    const begins = summed(dispatched);
    const [leaves, arrives, departs, hands, clears] = [enRoute, onScene, left, at, cleared].map(
      (column) => instants(column, begins),
    );
    this.missions = begins.map((begin, i) => ({
      dispatched: begin, team: team[i], callout: callout[i], number: said[i],
      enRoute: leaves[i], onScene: arrives[i], left: departs[i], atHospital: hands[i],
      cleared: clears[i],
      hospital: hospital[i] - 1, ending: ending[i],
    }));
    const many = this.shared.names.teams.length;
    this.missionsOf = grouped(many, team).map((rows) => rows.map((row) => this.missions[row]));
    this.begunOf = this.missionsOf.map((own) => own.map((m) => m.dispatched));
    this.missionsOn = grouped(this.shared.count, callout).map((rows) =>
      rows.map((row) => this.missions[row]),
    );
  }

  readDrives([at, team, waits, lasts, callout, way]) {
    const holds = summed(at);
    const drives = holds.map((begin, i) => ({
      at: begin, departs: begin + waits[i], arrives: begin + waits[i] + lasts[i],
      callout: callout[i] - 1, way: this.shared.ways[way[i]],
    }));
    this.drivesOf = grouped(this.shared.names.teams.length, team).map((rows) =>
      rows.map((row) => drives[row]),
    );
    this.heldOf = this.drivesOf.map((own) => own.map((drive) => drive.at));
  }

  readEvents([at, what, team, callout, who, until]) {
    const begins = summed(at);
    const ends = instants(until, begins);
    this.events = begins.map((begin, i) => ({
      at: begin, what: this.shared.names.words[what[i]], team: team[i] - 1,
      callout: callout[i] - 1, who: who[i] - 1, until: ends[i],
    }));
    this.eventsOf = grouped(this.shared.names.teams.length, this.events.map((e) => e.team)).map(
      (rows) => rows.map((row) => this.events[row]),
    );
    this.eventsOn = grouped(this.shared.count, this.events.map((e) => e.callout)).map((rows) =>
      rows.map((row) => this.events[row]),
    );
    this.known = new Map(); // of closures: when they became known, and were reopened
    for (const e of this.events) {
      if (e.what === 'closure known' || e.what === 'reopened') {
        this.known.set(e.who, [...(this.known.get(e.who) || []), e]);
      }
    }
  }

  readDecisions({rows, sets, arrivals}) {
    const [at, question, subject, chosen, expected, rule, why, set] = rows;
    const begins = summed(at);
    let next = 0;
    this.decisions = begins.map((begin, i) => {
      const candidates = sets[set[i]].map((who) => [who, arrivals[next++]]);
      return {
        at: begin, question: question[i], subject: subject[i], chosen: chosen[i] - 1,
        expected: expected[i] - 1, rule: rule[i], why: why[i], candidates,
      };
    });
    this.decisionsOn = grouped(
      this.shared.count, this.decisions.map((d) => (d.question === 2 ? -1 : d.subject)),
    ).map((own) => own.map((row) => this.decisions[row]));
    this.movesOf = grouped(
      this.shared.names.teams.length,
      this.decisions.map((d) => (d.question === 2 ? d.subject : -1)),
    ).map((own) => own.map((row) => this.decisions[row]));
  }

  // Callouts that are shown at some moment of each hour, so that a frame looks at few.
  openByHour() {
    this.hours = Array.from({length: Math.floor(this.shared.ends / 3600) + 2}, () => []);
    for (let c = 0; c < this.shared.count; c++) {
      if (this.outcome[c] < 0) continue;
      const last = Math.min(this.over(c), this.shared.ends);
      const from = Math.floor(this.shared.received[c] / 3600);
      for (let h = from; h <= Math.floor(last / 3600); h++) this.hours[h].push(c);
    }
  }

  // Until when a callout is on the map: one that nobody reached stays marked for an hour.
  over(c) {
    if (this.ended[c] < 0) return this.shared.ends;
    return this.onScene[c] < 0 ? this.ended[c] + 3600 : this.ended[c];
  }

  // Where several callouts are open at a place each keeps its own spot next to it.
  slots() {
    this.slot = new Array(this.shared.count).fill(0);
    const taken = new Map();
    for (let c = 0; c < this.shared.count; c++) {
      if (this.outcome[c] < 0) continue;
      const here = taken.get(this.shared.place[c]) || [];
      let s = here.findIndex((until) => until <= this.shared.received[c]);
      if (s < 0) s = here.length;
      here[s] = this.over(c);
      taken.set(this.shared.place[c], here);
      this.slot[c] = s;
    }
  }
}

// The signs on the map. Each state has a shape as well as a colour: none is told by colour alone.

const STATE_COLOUR = {
  waiting: 'ink', ready: 'ready', way: 'way', scene: 'scene', to_hospital: 'hospital',
  at_hospital: 'hospital', returning: 'way', on_call: 'ink', off: 'muted',
};
const TEAM_SIZE = 36; // of a team's picture, in pixels of the page
const MOST_PICTURES = 1000; // kept: of sixty teams in all directions there would be thousands
const FILLED = new Set([WAY, SCENE, TO_HOSPITAL]);

function polygon(ctx, x, y, points, turn = 0) {
  const [c, s] = [Math.cos(turn), Math.sin(turn)];
  ctx.beginPath();
  points.forEach(([px, py], i) => {
    const [qx, qy] = [x + px * c - py * s, y + px * s + py * c];
    if (i) ctx.lineTo(qx, qy);
    else ctx.moveTo(qx, qy);
  });
  ctx.closePath();
}

const SQUARE = [[-1, -1], [1, -1], [1, 1], [-1, 1]];
const POINTED = [[-1, -0.95], [0.45, -0.95], [1.6, 0], [0.45, 0.95], [-1, 0.95]];
const DIAMOND = [[0, -1.45], [1.45, 0], [0, 1.45], [-1.45, 0]];
const TRIANGLE = [[0, -1.2], [1.15, 0.85], [-1.15, 0.85]];
const scaledBy = (shape, r) => shape.map(([x, y]) => [x * r, y * r]);

function teamOutline(ctx, x, y, r, state, turn) {
  if (state === SCENE) {
    ctx.beginPath();
    ctx.arc(x, y, r * 1.12, 0, 7);
  } else if (state === WAY || state === RETURNING) {
    polygon(ctx, x, y, scaledBy(POINTED, r), turn);
  } else if (state === TO_HOSPITAL || state === AT_HOSPITAL) {
    polygon(ctx, x, y, scaledBy(DIAMOND, r));
  } else {
    polygon(ctx, x, y, scaledBy(SQUARE, r));
  }
}

// A team as a picture, drawn once for each number, state and direction.
function teamPicture(look, ratio, number, state, turn) {
  const turns = state === WAY || state === RETURNING ? 32 : 1;
  const step = Math.round((turn / (2 * Math.PI)) * turns + turns) % turns;
  const key = `${ratio}|${number}|${state}|${step}`;
  if (!look.pictures.has(key)) {
    if (look.pictures.size >= MOST_PICTURES) look.pictures.clear();
    const picture = document.createElement('canvas');
    picture.width = picture.height = Math.round(TEAM_SIZE * ratio);
    const ctx = picture.getContext('2d');
    ctx.scale(ratio, ratio);
    drawTeam(ctx, look, TEAM_SIZE / 2, TEAM_SIZE / 2, number, state, (step / turns) * 2 * Math.PI);
    look.pictures.set(key, picture);
  }
  return look.pictures.get(key);
}

// A team: its number in a shape that says what it does.
function drawTeam(ctx, look, x, y, number, state, turn = 0, r = 8) {
  const colour = look[STATE_COLOUR[state]];
  const filled = FILLED.has(state);
  ctx.setLineDash([]);
  teamOutline(ctx, x, y, r, state, turn);
  ctx.lineWidth = 4.5;
  ctx.strokeStyle = look.ground;
  ctx.stroke();
  ctx.fillStyle = filled ? colour : look.ground;
  ctx.fill();
  ctx.lineWidth = 1.8;
  ctx.strokeStyle = colour;
  if (state === READY) ctx.setLineDash([3, 2]);
  if (state === ON_CALL) ctx.setLineDash([7, 3, 1.5, 3]);
  if (state === OFF) ctx.setLineDash([1, 2.5]);
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.fillStyle = filled ? look.ground : state === OFF ? look.muted : look.ink;
  ctx.font = look.numberFont;
  ctx.textAlign = 'center';
  ctx.textBaseline = 'middle';
  ctx.fillText(number, x, y + 0.5);
}

function calloutOutline(ctx, x, y, r, priority) {
  if (priority <= 1) polygon(ctx, x, y, scaledBy(TRIANGLE, r));
  else if (priority === 2) polygon(ctx, x, y, scaledBy(DIAMOND, r * 0.72));
  else if (priority === 3) polygon(ctx, x, y, scaledBy(SQUARE, r * 0.78));
  else {
    ctx.beginPath();
    ctx.arc(x, y, r * 0.88, 0, 7);
  }
}

// A callout: shape by priority, hollow until reached, in a ring that fills as it waits.
function drawCallout(ctx, look, x, y, priority, {state, share}, r = 5) {
  const late = share > 1 && state !== 'reached';
  const full = Math.min(share, 1);
  const radius = r * 2;
  ctx.setLineDash([]);
  ctx.beginPath();
  ctx.arc(x, y, radius + 0.5, 0, 7);
  ctx.fillStyle = look.veil;
  ctx.fill();
  ctx.strokeStyle = look.line;
  ctx.lineWidth = 1;
  ctx.stroke();
  if (state === 'not_reached') {
    ctx.strokeStyle = look.alarm;
    ctx.lineWidth = 2.5;
    ctx.beginPath();
    ctx.moveTo(x - r, y - r);
    ctx.lineTo(x + r, y + r);
    ctx.moveTo(x + r, y - r);
    ctx.lineTo(x - r, y + r);
    ctx.stroke();
  } else {
    calloutOutline(ctx, x, y, r, priority);
    ctx.fillStyle = state === 'reached' ? look.scene : look.ground;
    ctx.fill();
    ctx.strokeStyle = state === 'reached' ? look.scene : look.ink;
    ctx.lineWidth = 1.6;
    if (state === 'not_ready') ctx.setLineDash([2, 2]);
    ctx.stroke();
    ctx.setLineDash([]);
  }
  ctx.strokeStyle = share > 1 ? look.alarm : state === 'reached' ? look.muted : look.ink;
  ctx.lineWidth = 3;
  ctx.beginPath();
  ctx.arc(x, y, radius, -Math.PI / 2, -Math.PI / 2 + full * 2 * Math.PI);
  ctx.stroke();
  if (late) {
    ctx.lineWidth = 1.5;
    ctx.beginPath();
    ctx.arc(x, y, radius + 4, 0, 7);
    ctx.stroke();
  }
}

function drawBase(ctx, look, x, y) {
  polygon(ctx, x, y, [[0, -7], [6, -1.5], [6, 5.5], [-6, 5.5], [-6, -1.5]]);
  ctx.fillStyle = look.ground;
  ctx.fill();
  ctx.lineWidth = 1.6;
  ctx.strokeStyle = look.ink;
  ctx.stroke();
}

function drawHospital(ctx, look, x, y, closed, label) {
  ctx.setLineDash([]);
  polygon(ctx, x, y, scaledBy(SQUARE, 6));
  ctx.fillStyle = look.ground;
  ctx.fill();
  ctx.lineWidth = 1.4;
  ctx.strokeStyle = closed ? look.muted : look.hospital;
  ctx.stroke();
  ctx.lineWidth = 2;
  ctx.beginPath();
  if (closed) {
    ctx.moveTo(x - 8, y + 8);
    ctx.lineTo(x + 8, y - 8);
  } else {
    ctx.moveTo(x - 3.5, y);
    ctx.lineTo(x + 3.5, y);
    ctx.moveTo(x, y - 3.5);
    ctx.lineTo(x, y + 3.5);
  }
  ctx.stroke();
  if (label) drawLoad(ctx, look, x, y, label);
}

function drawLoad(ctx, look, x, y, label) {
  halo(ctx, look, label, x, y - 13, 'center', look.hospital, look.numberFont);
}

function drawCheckpoint(ctx, look, x, y) {
  ctx.setLineDash([]);
  ctx.beginPath();
  ctx.arc(x, y, 4.5, 0, 7);
  ctx.fillStyle = look.ground;
  ctx.fill();
  ctx.strokeStyle = look.ink;
  ctx.lineWidth = 1.3;
  ctx.stroke();
  ctx.lineWidth = 2;
  ctx.beginPath();
  ctx.moveTo(x - 2.5, y);
  ctx.lineTo(x + 2.5, y);
  ctx.stroke();
}

function halo(ctx, look, text, x, y, align, colour, font) {
  ctx.font = font;
  ctx.textAlign = align;
  ctx.textBaseline = 'middle';
  ctx.lineJoin = 'round';
  ctx.lineWidth = 3;
  ctx.strokeStyle = look.ground;
  ctx.strokeText(text, x, y);
  ctx.fillStyle = colour;
  ctx.fillText(text, x, y);
}

// The colours of the page at this moment: they follow light and dark.
function lookOf(section) {
  const style = getComputedStyle(section);
  const colour = (name) => style.getPropertyValue(`--rp-${name}`).trim();
  const look = {pictures: new Map()};
  for (const name of [
    'ink', 'ground', 'muted', 'line', 'alarm', 'first', 'second', 'ready', 'way', 'scene',
    'hospital', 'road', 'coast', 'veil', 'accent',
  ]) look[name] = colour(name);
  const family = style.fontFamily || 'sans-serif';
  look.numberFont = `bold 10px ${family}`;
  look.nameFont = `11px ${family}`;
  look.baseFont = `bold 12px ${family}`;
  return look;
}

// A piece of road for the legend: modelled, closed unknown, closed.
function drawRoadSign(ctx, look, closed) {
  ctx.beginPath();
  ctx.moveTo(3, 14);
  ctx.lineTo(31, 14);
  ctx.lineCap = 'round';
  ctx.lineWidth = closed ? 3 : 1.6;
  ctx.strokeStyle = closed ? look.alarm : look.muted;
  ctx.setLineDash(closed === 2 ? [] : closed ? [1, 6] : [4, 3]);
  ctx.stroke();
  ctx.setLineDash([]);
  if (closed !== 2) return;
  ctx.lineWidth = 2;
  ctx.beginPath();
  ctx.moveTo(13, 10);
  ctx.lineTo(21, 18);
  ctx.moveTo(21, 10);
  ctx.lineTo(13, 18);
  ctx.stroke();
}

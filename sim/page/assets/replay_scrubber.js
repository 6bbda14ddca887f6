// The bar of time: how many teams were busy and callouts pending, and where the two part.

class Scrubber {
  constructor(canvas) {
    this.canvas = canvas;
    this.behind = document.createElement('canvas');
    this.key = '';
  }

  // Teams on callouts, in the mean, and pending callouts, the most, in each part of the bar.
  loads(course, parts) {
    const {ends} = course.shared;
    const busy = new Float64Array(parts);
    const pending = new Float64Array(parts);
    const width = ends / parts;
    const spread = (from, until) => {
      const [a, b] = [Math.max(from, 0), Math.min(until, ends)];
      for (let i = Math.floor(a / width); i < parts && i * width < b; i++) {
        busy[i] += (Math.min(b, (i + 1) * width) - Math.max(a, i * width)) / width;
      }
    };
    for (const m of course.missions) spread(m.dispatched, m.cleared < 0 ? ends : m.cleared);
    const changes = [];
    for (let c = 0; c < course.shared.count; c++) {
      if (course.outcome[c] < 0 || course.ready[c] < 0) continue;
      const sent = course.dispatched[c] >= 0 ? course.dispatched[c] : course.ended[c];
      const until = sent < 0 ? ends : sent;
      if (until > course.ready[c]) changes.push([course.ready[c], 1], [until, -1]);
    }
    changes.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    let [now, part] = [0, 0];
    for (const [at, step] of changes) {
      for (; part < parts && part * width <= at; part++) pending[part] = Math.max(pending[part], now);
      now += step;
      const i = Math.min(Math.floor(at / width), parts - 1);
      if (i >= 0) pending[i] = Math.max(pending[i], now);
    }
    for (; part < parts; part++) pending[part] = Math.max(pending[part], now);
    return {busy, pending};
  }

  drawBehind(courses, parts_, look) {
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    const [width, height] = [this.canvas.clientWidth, this.canvas.clientHeight];
    const key = [width, height, ratio, courses.map((c) => c.name), look.ground, look.ink].join('|');
    if (key === this.key) return;
    this.key = key;
    for (const canvas of [this.canvas, this.behind]) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
    }
    Object.assign(this, {ratio, width, height});
    const ctx = this.behind.getContext('2d');
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.fillStyle = look.ground;
    ctx.fillRect(0, 0, width, height);
    const parts = Math.max(Math.floor(width / 2), 1);
    const loads = courses.map((course) => this.loads(course, parts));
    this.drawDays(ctx, courses[0].shared, look);
    this.drawBusy(ctx, courses, loads, look);
    this.drawPending(ctx, loads, look);
    if (parts_) this.drawPartings(ctx, courses[0].shared, parts_, look);
  }

  drawDays(ctx, shared, look) {
    ctx.strokeStyle = look.line;
    ctx.lineWidth = 1;
    ctx.beginPath();
    const day = 86400;
    const step = Math.max(1, Math.ceil((shared.ends / day) * 24 / this.width)) * day;
    const midnight = day - ((shared.start / 1000) % day);
    for (let local = midnight % day; shared.instant(local) < shared.ends; local += step) {
      const x = Math.round((shared.instant(local) / shared.ends) * this.width) + 0.5;
      ctx.moveTo(x, 0);
      ctx.lineTo(x, this.height);
    }
    ctx.stroke();
  }

  drawBusy(ctx, courses, loads, look) {
    const most = Math.max(...courses.map((course) => course.teams.length), 1);
    const [top, bottom] = [3, this.height * 0.52];
    loads.forEach(({busy}, side) => {
      const step = this.width / busy.length;
      ctx.strokeStyle = side ? look.second : look.first;
      ctx.lineWidth = side ? 1.2 : 2.2;
      ctx.globalAlpha = side ? 1 : 0.65;
      ctx.beginPath();
      busy.forEach((n, i) => ctx.lineTo((i + 0.5) * step, bottom - (n / most) * (bottom - top)));
      ctx.stroke();
      ctx.globalAlpha = 1;
    });
  }

  // Pending callouts: the first alternative's above the line, the second's below it.
  drawPending(ctx, loads, look) {
    const most = Math.max(...loads.flatMap(({pending}) => [...pending]), 4);
    const middle = this.height * 0.72;
    const room = this.height * 0.17;
    loads.forEach(({pending}, side) => {
      const step = this.width / pending.length;
      ctx.fillStyle = side ? look.second : look.first;
      pending.forEach((n, i) => {
        const high = (n / most) * room;
        if (n) ctx.fillRect(i * step, side ? middle + 0.5 : middle - 0.5 - high, step, high);
      });
    });
    ctx.fillStyle = look.muted;
    ctx.fillRect(0, middle - 0.5, this.width, 1);
  }

  // Where the two part: a tick up where the second was sooner, down where it was later.
  drawPartings(ctx, shared, found, look) {
    const y = this.height - 6;
    for (const {at, difference} of found) {
      const x = (at / shared.ends) * this.width;
      ctx.fillStyle = difference < 0 ? look.second : difference > 0 ? look.alarm : look.muted;
      if (difference) ctx.fillRect(x - 0.75, difference < 0 ? y - 5 : y, 1.5, 5);
      else ctx.fillRect(x - 0.75, y - 1, 1.5, 2);
    }
  }

  draw(courses, found, at, look) {
    this.drawBehind(courses, found, look);
    if (!this.behind.width || !this.behind.height) return; // hidden, as on paper
    const ctx = this.canvas.getContext('2d');
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.drawImage(this.behind, 0, 0);
    ctx.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    const x = (at / courses[0].shared.ends) * this.width;
    ctx.fillStyle = look.ink;
    ctx.fillRect(x - 1, 0, 2, this.height);
    polygon(ctx, x, 4, [[-6, -4], [6, -4], [0, 5]]);
    ctx.fill();
  }
}

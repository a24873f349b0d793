'use strict';
// The page draws the document of api/status, which comes once a second as an event. Texts of
// servers and lists get into the page as text only, never as HTML.

const at = (id) => document.getElementById(id);
const svgNS = 'http://www.w3.org/2000/svg';

// make returns an element with attributes and children: elements or texts.
function make(name, attributes = {}, ...children) {
  const e = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) e.setAttribute(key, value);
  e.append(...children);
  return e;
}

function draw(name, attributes = {}, ...children) {
  const e = document.createElementNS(svgNS, name);
  for (const [key, value] of Object.entries(attributes)) e.setAttribute(key, value);
  e.append(...children);
  return e;
}

const whole = (n) => Math.round(n).toLocaleString('en');

function plural(n, noun) {
  return whole(n) + ' ' + noun + (n === 1 ? '' : 's');
}

function bytes(n) {
  let unit = 0;
  for (; n >= 999.5 && unit < 5; unit++) n /= 1000;
  return (unit === 0 || n >= 99.5 ? Math.round(n) : n.toFixed(1)) + ' ' + ['B', 'kB', 'MB', 'GB', 'TB', 'PB'][unit];
}

function rate(n) {
  return n >= 100 ? whole(n) : String(Number(n.toFixed(n >= 10 ? 1 : 2)));
}

// time returns seconds as people say them.
function time(s) {
  if (s < 0.0995) return (s * 1000).toFixed(s < 0.00995 ? 1 : 0) + ' ms';
  if (s < 59.95) return (s < 9.995 ? s.toFixed(2) : s.toFixed(1)) + ' s';
  return clock(s);
}

// clock returns whole seconds with their two largest units.
function clock(s) {
  s = Math.round(s);
  if (s < 60) return s + ' s';
  if (s < 3600) return Math.floor(s / 60) + ' min ' + (s % 60) + ' s';
  if (s < 86400) return Math.floor(s / 3600) + ' h ' + Math.floor(s % 3600 / 60) + ' min';
  return Math.floor(s / 86400) + ' d ' + Math.floor(s % 86400 / 3600) + ' h';
}

function key(kind, text) {
  return make('li', {}, make('i', {class: kind}), text);
}

function row(...cells) {
  return make('tr', {}, ...cells.map((c) => c instanceof Element ? c : make('td', {}, String(c))));
}

function words(text, kind = '') {
  return make('td', {class: 'words ' + kind}, text);
}

function long(text, more) {
  const cell = make('td', {class: 'long'}, text);
  if (more) cell.append(make('em', {}, more));
  return cell;
}

function progress(s) {
  const n = s.images, total = Math.max(n.listed, n.done);
  const counted = n.done - n.canceled;
  const of = n.listed > 0 ? ' of ' + whole(n.listed) : '';
  at('title').textContent = s.state === 'starting' ? 'The list is being opened' : whole(counted) + of + (n.listed === 1 || !of && counted === 1 ? ' image' : ' images');
  document.title = (n.listed > 0 ? Math.floor(100 * counted / n.listed) + ' % – ' : '') + 'grab';
  let x = 0;
  for (const kind of ['ok', 'skipped', 'failed', 'canceled']) {
    const part = n.listed > 0 && total > 0 ? 100 * n[kind] / total : 0;
    const bar = at('bar').querySelector('.' + kind);
    bar.setAttribute('x', x + '%');
    bar.setAttribute('width', part + '%');
    bar.setAttribute('height', '100%');
    x += part;
  }
  const counts = [key('ok', whole(n.ok) + ' ok')];
  if (n.skipped) counts.push(key('skipped', whole(n.skipped) + ' in place already'));
  counts.push(key('failed', whole(n.failed) + ' failed'));
  if (n.canceled) counts.push(key('canceled', whole(n.canceled) + ' interrupted'));
  const rest = n.listed - n.done;
  if (rest > 0) counts.push(key('', whole(rest) + ' to go'));
  at('counts').replaceChildren(...counts);
}

function tiles(s) {
  const ended = s.state === 'ended';
  const list = [
    ['images per second', rate(s.rates.images_per_second)],
    ['bytes per second', bytes(s.rates.bytes_per_second)],
    ['received', bytes(s.bytes)],
    ['time', clock(s.seconds)],
  ];
  if (!ended) {
    list.push(['time left', s.rates.seconds_left === null ? '–' : clock(s.rates.seconds_left)]);
    list.push(['in flight', whole(s.images.in_flight)]);
  }
  const held = s.hosts.held, given = s.hosts.given_up;
  if (held || given) {
    list.push(['hosts waited for', whole(held), 'warn']);
    list.push(['hosts given up', whole(given), given ? 'bad' : '']);
  }
  at('tiles').replaceChildren(...list.map(([name, value, kind]) => make('li', {class: kind || ''}, make('span', {}, name), make('b', {}, value))));
}

function compare(s) {
  at('compare').hidden = s.command !== 'compare' || s.results.length === 0;
  at('results-title').textContent = s.state === 'ended' ? 'Results' : 'Results so far';
  const most = Math.max(...s.results.map((r) => r.median_seconds), 1e-9);
  at('results').replaceChildren(...s.results.map((r) => {
    const bar = draw('svg', {height: 16}, draw('rect', {class: 'column', y: 3, height: 12, rx: 2, width: 100 * r.median_seconds / most + '%'}));
    const done = r.rounds_done > 0;
    return row(r.name, r.rounds_done + ' of ' + r.rounds, done ? time(r.median_seconds) : '–', done ? time(r.min_seconds) : '–',
      done ? time(r.max_seconds) : '–', r.error ? make('td', {class: 'long error'}, r.error) : make('td', {class: 'grow'}, bar));
  }));
}

// nice returns a round number that is not below n.
function nice(n) {
  const power = 10 ** Math.floor(Math.log10(Math.max(n, 1e-3)));
  return [1, 2, 5, 10].map((f) => f * power).find((f) => f >= n * 0.9999);
}

// span returns how many of the last seconds the drawings show: of a short run not a whole minute.
function span(s) {
  return [10, 20, 30].find((n) => s.seconds <= n) || 60;
}

// area draws the values of the last seconds, the newest at the right.
function area(id, values, seconds, show) {
  values = values.slice(-seconds);
  const height = 110, top = nice(Math.max(...values, 1e-9));
  const plot = draw('svg', {viewBox: `0 0 ${seconds} 100`, preserveAspectRatio: 'none', height: '100%', width: '100%'});
  if (values.length > 1) {
    const points = values.map((v, i) => (seconds - values.length + 1 + i) + ' ' + (100 - 100 * v / top));
    plot.append(draw('path', {class: 'area', d: 'M' + (seconds - values.length + 1) + ' 100L' + points.join('L') + 'L' + seconds + ' 100Z'}));
    plot.append(draw('path', {class: 'line', d: 'M' + points.join('L')}));
  }
  const chart = draw('svg', {height: height + 22},
    draw('line', {class: 'grid', x1: 0, x2: '100%', y1: 0.5, y2: 0.5}),
    draw('line', {class: 'grid', x1: 0, x2: '100%', y1: height + 0.5, y2: height + 0.5}),
    draw('svg', {x: 0, y: 0, width: '100%', height}, plot),
    draw('text', {x: 0, y: 14}, values.some((v) => v > 0) ? show(top) : ''),
    draw('text', {x: 0, y: height + 17}, seconds + ' s ago'),
    draw('text', {class: 'end', x: '100%', y: height + 17}, 'now'));
  at(id).replaceChildren(chart);
}

// timeline draws a lane for each worker, and one path for all cells of one kind.
function timeline(s) {
  const seconds = span(s), lanes = s.timeline.lanes.map((lane) => lane.slice(-seconds / s.timeline.slot_seconds));
  const step = lanes.length > 32 ? 7 : lanes.length > 12 ? 11 : 16, gap = lanes.length > 32 ? 1 : 2;
  const height = lanes.length * step, slots = lanes.length ? lanes[0].length : 1;
  const cells = {'busy b1': '', 'busy b2': '', 'busy b3': '', 'busy b4': '', failure: '', lane: ''};
  const kind = (c) => c === '!' ? 'failure' : c === '.' ? '' : 'busy b' + Math.ceil(Number(c) / 9 * 4);
  lanes.forEach((lane, i) => {
    const y = i * step;
    cells.lane += `M0 ${y}h${slots}v${step - gap}H0z`;
    for (let from = 0; from < slots;) {
      let to = from + 1;
      const of = kind(lane[from]);
      while (to < slots && kind(lane[to]) === of) to++;
      if (of) cells[of] += `M${from} ${y}h${to - from}v${step - gap}H${from}z`;
      from = to;
    }
  });
  const plot = draw('svg', {viewBox: `0 0 ${slots} ${Math.max(height, 1)}`, preserveAspectRatio: 'none', x: 0, y: 0, width: '100%', height});
  for (const name of ['lane', 'busy b1', 'busy b2', 'busy b3', 'busy b4', 'failure']) plot.append(draw('path', {class: name, d: cells[name]}));
  at('timeline').replaceChildren(draw('svg', {height: height + 18}, plot,
    draw('text', {x: 0, y: height + 14}, seconds + ' s ago'), draw('text', {class: 'end', x: '100%', y: height + 14}, 'now')));
  const shown = lanes.length < s.workers ? 'the first ' + lanes.length + ' of ' + whole(s.workers) : whole(s.workers);
  at('workers').textContent = s.workers ? shown + ', the last ' + (seconds < 60 ? seconds + ' s' : 'minute') : '';
}

function flights(s) {
  const f = s.in_flight;
  at('flights').hidden = f.longest.length === 0;
  at('phases').textContent = f.phases.map((p) => whole(p.count) + ' ' + p.phase).join(', ');
  at('longest').replaceChildren(...f.longest.map((i) => row(i.worker + 1, words(i.phase), time(i.seconds), long(i.url))));
}

function hosts(s) {
  const h = s.hosts;
  at('hosts').textContent = h.list.length === 0 ? 'all deliver' :
    plural(h.held, 'host') + ' left alone for now, ' + plural(h.images_waiting, 'image') + ' waiting; ' + whole(h.given_up) + ' given up' +
    (h.held + h.given_up > h.list.length ? '; the first ' + h.list.length : '');
  at('host-table').hidden = h.list.length === 0;
  at('host-list').replaceChildren(...h.list.map((one) => row(one.host, words(one.state.replace('-', ' '), one.state), whole(one.images),
    one.state === 'held' ? time(one.next_seconds) : one.state === 'slower' ? 'at most ' + one.limit + (one.next_seconds ? ', ' + time(one.next_seconds) + ' apart' : '') : 'at the end',
    long(one.reason, one.class + (one.failures > 1 ? ', ' + one.failures + ' in a row' : '')))));
}

function failures(s) {
  at('failed').textContent = s.failures.length === 0 ? 'none' : '';
  at('failure-table').hidden = s.failures.length === 0;
  at('failure-list').replaceChildren(...s.failures.map((f) => row(f.class, whole(f.count),
    long(f.error, (f.line ? 'line ' + f.line + ', ' : '') + f.url))));
}

function latency(s) {
  const l = s.latency, none = l.total.count === 0;
  at('latency').hidden = none;
  at('times').textContent = none ? 'no image yet' : 'of ' + plural(l.total.count, 'image') + ' that ' + (l.total.count === 1 ? 'is' : 'are') + ' ok';
  const name = {p50: 'median', p90: '90 % are within', p99: '99 % are within', max: 'longest', mean: 'mean'};
  at('quantiles').replaceChildren(...Object.keys(name).map((q) => row(name[q], time(l.total[q]), time(l.first_byte[q]))));
  const most = Math.max(...l.buckets.map((b) => b.count), 1), height = 96, n = Math.max(l.buckets.length, 5);
  const chart = draw('svg', {height: height + 20});
  l.buckets.forEach((b, i) => {
    const tall = b.count ? Math.max(height * b.count / most, 2) : 0;
    chart.append(draw('rect', {class: 'column', x: (100 * i / n + 100 * .08 / n) + '%', width: 84 / n + '%', y: height - tall, height: tall, rx: 2},
      draw('title', {}, plural(b.count, 'image') + (b.up_to_seconds ? ' up to ' + time(b.up_to_seconds) : ''))));
    if (i % Math.ceil(n / 5) === 0) chart.append(draw('text', {class: 'middle', x: 100 * (i + .5) / n + '%', y: height + 16}, b.up_to_seconds ? '≤ ' + time(b.up_to_seconds) : 'longer'));
  });
  chart.append(draw('line', {class: 'grid', x1: 0, x2: '100%', y1: height + .5, y2: height + .5}));
  at('durations').replaceChildren(chart);
}

function state(text, kind) {
  at('state').textContent = text;
  at('state').className = kind;
}

function show(s) {
  at('live').hidden = false;
  state(s.state, s.state);
  at('run').textContent = s.run ? s.run + (s.command === 'download' ? ', ' + plural(s.workers, 'worker') : '') : '';
  at('version').textContent = 'grab ' + s.version;
  progress(s);
  tiles(s);
  compare(s);
  area('images-rate', s.rates.images_by_second, span(s), rate);
  area('bytes-rate', s.rates.bytes_by_second, span(s), bytes);
  timeline(s);
  flights(s);
  hosts(s);
  failures(s);
  latency(s);
}

// listen shows events until the last one. A stream that breaks off is opened again.
function listen() {
  const events = new EventSource('events');
  events.onmessage = (e) => show(JSON.parse(e.data));
  events.addEventListener('end', (e) => {
    events.close();
    show(JSON.parse(e.data));
  });
  events.onerror = () => {
    events.close();
    state('no answer: grab has ended, or has too many readers', 'bad');
    setTimeout(listen, 5000);
  };
}

listen();

// Hands what the pointer does to the module, and shows the numbers that come back.

const FILE = "target/wasm32-unknown-unknown/release/web.wasm";
const FILTERS = 8;
const STEPS_A_FRAME = 2;
const LEARNT = 0.002; // the loss at which training ends
const STUCK = 3_000; // the steps after which it hardly gets there any more
const POINTS = [[0, 0], [0, 1], [1, 0], [1, 1]];

const $ = id => document.getElementById(id);
const nn = await load().catch(error => {
  $("facts").textContent = `The module can't be loaded (${error.message}). Is it built, and the page served by a server?`;
  throw error;
});
globalThis.nn = nn; // to be tried in the console

async function load() {
  const response = await fetch(FILE);
  if (!response.ok) throw new Error(`${FILE}: ${response.status}`);
  const bytes = await response.arrayBuffer();
  const { instance: { exports } } = await WebAssembly.instantiate(bytes);
  const count = number => number.toLocaleString("en");
  $("facts").textContent = `They run here, in ${count(bytes.byteLength)} bytes of WebAssembly, of which 21,032 are weights. `
    + `The module imports nothing, and its memory is ${count(exports.memory.buffer.byteLength)} bytes, without an allocator.`;
  return exports;
}

// The module's memory never grows, so views of it stay valid.
const bytes = (at, length) => new Uint8Array(nn.memory.buffer, at, length);
const floats = (at, length) => new Float32Array(nn.memory.buffer, at, length);

/** Draws numbers from 0 to 1 as so much of the canvas's colour on its background. */
function paint(canvas, values) {
  const context = canvas.getContext("2d");
  const image = context.createImageData(canvas.width, canvas.height);
  values.forEach((value, at) => image.data[4 * at + 3] = 255 * value);
  context.putImageData(image, 0, 0);
  context.globalCompositeOperation = "source-in";
  context.fillStyle = getComputedStyle(canvas).color;
  context.fillRect(0, 0, canvas.width, canvas.height);
}

// Digits.

const drawing = bytes(nn.digit_drawing(), 32 * 32);
const pixels = floats(nn.digit_pixels(), 28 * 28);
const found = floats(nn.digit_found(), 13 * 13 * FILTERS);
const probabilities = floats(nn.digit_probabilities(), 10);

$("found").append(...Array.from({ length: FILTERS }, () => {
  const map = document.createElement("canvas");
  map.width = map.height = 13;
  return map;
}));
$("outputs").append(...Array.from(probabilities, (_, digit) => {
  const bar = document.createElement("li");
  bar.dataset.name = digit;
  bar.append(document.createElement("span"));
  return bar;
}));

function showDigit() {
  paint($("drawing"), drawing);
  paint($("pixels"), pixels);
  const empty = !drawing.includes(1);
  const digit = nn.digit_read();
  const scale = empty ? Infinity : Math.max(...found) || 1;
  [...$("found").children].forEach((map, filter) =>
    paint(map, found.filter((_, at) => at % FILTERS === filter).map(value => value / scale)));
  probabilities.forEach((p, at) => {
    const bar = $("outputs").children[at];
    bar.style.setProperty("--value", empty ? 0 : p);
    bar.classList.toggle("most", !empty && at === digit);
    bar.firstChild.textContent = empty ? "" : `${Math.round(100 * p)}%`;
  });
  $("answer").innerHTML = empty ? "" : `It reads <b>${digit}</b>`;
}

const draw = (event, to) => {
  const side = 32 / $("drawing").clientWidth;
  to(event.offsetX * side, event.offsetY * side);
};
$("drawing").onpointerdown = event => {
  if (!event.isPrimary || event.button) return;
  $("drawing").setPointerCapture(event.pointerId);
  draw(event, nn.digit_pen_down);
  showDigit();
};
$("drawing").onpointermove = event => {
  if (!$("drawing").hasPointerCapture(event.pointerId)) return;
  for (const each of event.getCoalescedEvents?.() ?? [event]) draw(each, nn.digit_pen_move);
  showDigit();
};
$("clear").onclick = () => {
  nn.digit_clear();
  showDigit();
};

// The exclusive or.

const map = bytes(nn.xor_map(), 48 * 48);
let seed = 0, paused = false;
let steps, loss, losses; // of this start

$("points").append(...POINTS.map(([a, b]) => {
  const point = document.createElement("li");
  const at = x => `${100 * (x + 0.25) / 1.5}%`;
  point.style.cssText = `left: ${at(a)}; bottom: ${at(b)}; --colour: var(--${a ^ b ? "one" : "zero"})`;
  return point;
}));

function start() {
  seed += 1;
  nn.xor_start(seed);
  [steps, loss, losses] = [0, NaN, []];
}

function showXor() {
  nn.xor_map();
  // A jump at one half makes the boundary visible.
  paint($("map"), Array.from(map, value => 0.6 * value / 255 + (value < 128 ? 0 : 0.4)));
  const right = POINTS.filter(([a, b], at) => {
    const p = nn.xor_predict(a, b);
    $("points").children[at].innerHTML = `${p.toFixed(3)}<small>${a} xor ${b} = ${a ^ b}</small>`;
    return (p > 0.5) === Boolean(a ^ b);
  }).length;
  $("steps").textContent = steps.toLocaleString("en");
  $("loss").textContent = steps ? loss.toFixed(4) : "–";
  $("verdict").textContent = loss < LEARNT ? "Learnt: all four points are right, and there is next to nothing left to learn."
    : steps > STUCK ? "One start in twenty ends in a hollow, as this one: no small step leads out of it. Start again."
    : `${right} of 4 points are right.`;
  const curve = losses.map((loss, at) => `${100 * at / Math.max(losses.length - 1, 400)},${-100 / 3 * Math.log10(loss)}`);
  $("curve").firstChild.setAttribute("points", curve.join(" "));
}

function frame() {
  if (!paused && !(loss < LEARNT) && steps <= STUCK) {
    loss = nn.xor_train(STEPS_A_FRAME);
    losses.push(loss);
    steps += STEPS_A_FRAME;
    showXor();
  }
  requestAnimationFrame(frame);
}
$("pause").onclick = () => {
  paused = !paused;
  $("pause").textContent = paused ? "Go on" : "Pause";
};
$("again").onclick = () => {
  start();
  showXor();
};

start();
showDigit();
showXor();
requestAnimationFrame(frame);
matchMedia("(prefers-color-scheme: dark)").onchange = () => {
  showDigit();
  showXor();
};

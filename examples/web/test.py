#!/usr/bin/python3
"""Draws digits on the page and watches it learn, in a headless Chromium. Needs the module to be built, and Debian's
chromium, chromium-driver and python3-selenium."""

import functools
import http.server
import json
import math
import pathlib
import sys
import threading

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

HERE = pathlib.Path(__file__).parent
MODULE = "target/wasm32-unknown-unknown/release/web.wasm"
MODULE_LIMIT = 56_000  # of which 9,640 bytes are weights
MEMORY = 65_536
TEST_DIGITS = [row for at, row in enumerate(
    zip(*[iter((HERE / "../data/digits.u8").read_bytes())] * 65)) if at % 5 == 4]


def arc(x, y, width, height, start, end):
    """Part of an ellipse around a point; angles in degrees, clockwise from the right."""
    angles = [start + (end - start) * part / 12 for part in range(13)]
    return [(x + width * math.cos(math.radians(a)), y + height * math.sin(math.radians(a))) for a in angles]


# Strokes from 0 to 100 in both directions, as one writes.
STROKES = {
    0: [arc(50, 50, 22, 34, -90, -450)],
    1: [[(38, 32), (54, 16), (54, 84)]],
    2: [arc(48, 34, 20, 18, -170, 40) + [(30, 82), (74, 82)]],
    3: [arc(46, 33, 20, 16, -160, 90) + arc(46, 66, 22, 18, -90, 150)],
    4: [[(52, 14), (28, 56), (74, 56)], [(58, 38), (54, 86)]],
    5: [[(68, 16), (36, 16), (34, 46)] + arc(48, 62, 22, 20, -120, 140)],
    6: [[(60, 14), (42, 36)] + arc(50, 66, 18, 19, -160, 200)],
    7: [[(30, 20), (72, 20), (46, 84)], [(38, 52), (70, 50)]],
    8: [arc(50, 32, 17, 17, -60, -270) + arc(50, 67, 20, 18, -90, 270) + arc(50, 32, 17, 17, 90, -60)],
    9: [arc(50, 34, 18, 18, 0, -360) + [(68, 34), (68, 62)] + arc(50, 64, 18, 20, 0, 140)],
}

# Reads an image by the functions of the module, without the page.
READ = """
    const floats = (at, length) => new Float32Array(nn.memory.buffer, at, length);
    const read = image => (floats(nn.digit_pixels(), 64).set(image), nn.digit_read());
"""

passed = failed = 0


def check(what, holds, found=""):
    global passed, failed
    passed, failed = passed + bool(holds), failed + (not holds)
    print("ok    " if holds else "FAILED", what, found)


def tensors(name):
    """The matrices of a safetensors file of `f32`."""
    file = (HERE / name).read_bytes()
    start = 8 + int.from_bytes(file[:8], "little")
    result = {}
    for key, tensor in json.loads(file[8:start]).items():
        if key != "__metadata__":
            first, end = tensor["data_offsets"]
            numbers = memoryview(file)[start + first:start + end].cast("f").tolist()
            width = tensor["shape"][1]
            result[key] = [numbers[at:at + width] for at in range(0, len(numbers), width)]
    return result


def softmax(logits):
    powers = [math.exp(logit) for logit in logits]
    return [power / sum(powers) for power in powers]


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def serve():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=HERE))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}/"


def browser():
    options = webdriver.ChromeOptions()
    for argument in ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--window-size=1000,1200"]:
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))


class Page:
    def __init__(self, driver, address):
        self.driver = driver
        driver.set_script_timeout(60)
        driver.get(address)
        self.wait(lambda _: self.text("facts").startswith("They run here"), "the module is loaded")

    def find(self, name):
        return self.driver.find_element(By.ID, name)

    def text(self, name):
        return self.find(name).text

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def wait(self, until, what):
        WebDriverWait(self.driver, 120, 0.1).until(until, what)

    def bars(self, name):
        return self.run("return [...arguments[0].children].map(bar => +bar.style.getPropertyValue('--value'))", self.find(name))

    def draw(self, digit, touch=False):
        canvas = self.find("drawing")
        side = canvas.size["width"]
        if touch:
            return self.touch(canvas.location, side, STROKES[digit])
        actions = ActionChains(self.driver, duration=5)
        for stroke in STROKES[digit]:
            for at, (x, y) in enumerate(stroke):
                actions.move_to_element_with_offset(canvas, round((x / 100 - 0.5) * side), round((y / 100 - 0.5) * side))
                if at == 0:
                    actions.click_and_hold()
            actions.release()
        actions.perform()

    def touch(self, corner, side, strokes):
        send = lambda kind, *points: self.driver.execute_cdp_cmd(
            "Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]})
        for stroke in strokes:
            first, *others = [(corner["x"] + x / 100 * side, corner["y"] + y / 100 * side) for x, y in stroke]
            send("touchStart", first)
            for point in others:
                send("touchMove", point)
            send("touchEnd")

    def ink(self):
        """The pixels of both canvases that are not empty."""
        return self.run("""return ["drawing", "pixels"].map(name => {
            const canvas = document.getElementById(name);
            const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            return data.filter((value, at) => at % 4 == 3 && value > 0).length;
        })""")

    def points(self):
        """What the network says of the four points, and the right answers."""
        lines = [point.text.split("\n") for point in self.find("points").find_elements(By.TAG_NAME, "li")]
        return [(float(said), int(formula[-1])) for said, formula in lines]


def digits(page):
    check("nothing is read before something is drawn", page.text("answer") == "" and page.ink() == [0, 0])
    for digit in STROKES:
        page.draw(digit, touch=digit == 3)
        read, hidden, outputs = page.text("answer"), page.bars("hidden"), page.bars("outputs")
        check(f"a drawn {digit} is read", read.split()[-1:] == [str(digit)], f"{outputs[digit]:.3f}")
        check("  the ten outputs are probabilities",
              len(outputs) == 10 and abs(sum(outputs) - 1) < 1e-4 and outputs.index(max(outputs)) == digit)
        check("  some hidden nodes are at zero, some above",
              len(hidden) == 32 and min(hidden) == 0 and max(hidden) == 1 and sum(node > 0 for node in hidden) > 5)
        drawn, seen = page.ink()
        check("  the drawing and its pixels are shown", drawn > 50 and seen > 15)
        pixels = page.run("return Array.from(new Float32Array(nn.memory.buffer, nn.digit_pixels(), 64))")
        check("  the pixels are from 0 to 1, and as much ink as in the data set",
              min(pixels) == 0 and max(pixels) == 1 and 17 < sum(pixels) < 26, f"{sum(pixels):.1f}")
        page.find("clear").click()
        empty = page.ink() == [0, 0] and page.text("answer") == "" and sum(page.bars("outputs") + page.bars("hidden")) == 0
        check("  and cleared", empty)


def exports(page):
    read = page.run("""
        const read = [];
        for (const [digit, strokes] of Object.entries(arguments[0]))
            for (const size of [0.1, 0.2, 0.3])
                for (const slant of [-0.15, 0, 0.15, 0.3]) {
                    nn.digit_clear();
                    for (const stroke of strokes) stroke.forEach(([x, y], at) =>
                        (at ? nn.digit_pen_move : nn.digit_pen_down)(1 + size * (x + slant * (60 - y)), size * y));
                    read.push(nn.digit_read() === Number(digit));
                }
        nn.digit_clear();
        return read;
    """, STROKES)
    check("small, slanted and in a corner nearly all are read", len(read) == 120 and sum(read) >= 114, sum(read))
    right = page.run(READ + """
        const right = arguments[0].filter(row => read(row.slice(0, 64).map(pixel => pixel / 16)) === row[64]).length;
        nn.digit_clear();
        return right;
    """, TEST_DIGITS)
    check("of 359 digits of the data set as many are read as in PyTorch", right == 348, right)
    expected = tensors("../../tests/models/digits_mlp.expected.safetensors")
    found = page.run(READ + """
        const found = arguments[0].map(row => (read(row), Array.from(floats(nn.digit_probabilities(), 10))));
        nn.digit_clear();
        return found;
    """, expected["x"])
    worst = max(abs(p - q) for row, logits in zip(found, expected["logits"]) for p, q in zip(row, softmax(logits)))
    check("the probabilities are those of PyTorch", len(found) == 50 and worst < 1e-4, f"{worst:.1e}")


def xor(page):
    steps = lambda: int(page.text("steps").replace(",", ""))
    learnt = lambda _: page.text("verdict").startswith("Learnt")
    for start in ["first", "second"]:
        page.wait(learnt, f"the {start} network has learnt")
        right = all((said > 0.5) == (answer == 1) for said, answer in page.points())
        check(f"the {start} network learns", right and float(page.text("loss")) <= 0.002, f"{steps()} steps")
        check("  and both colours are on the map", page.run("""
            const map = new Uint8Array(nn.memory.buffer, nn.xor_map(), 48 * 48);
            return Math.max(...map) > 200 && Math.min(...map) < 50;"""))
        if start == "first":
            page.find("pause").click()
            page.find("again").click()
            wrong = [said for said, answer in page.points() if (said > 0.5) != (answer == 1)]
            check("the second one knows nothing at first, and is paused", steps() == 0 and wrong)
            page.find("pause").click()


def module(page):
    size = (HERE / MODULE).stat().st_size
    check(f"the module has at most {MODULE_LIMIT} bytes", size <= MODULE_LIMIT, size)
    imports = page.driver.execute_async_script("""
        const done = arguments[1];
        fetch(arguments[0]).then(file => file.arrayBuffer()).then(WebAssembly.compile)
            .then(module => done(WebAssembly.Module.imports(module).map(each => each.name)), error => done([`${error}`]));
    """, MODULE)
    check("the module imports nothing", imports == [], imports)
    check("its memory did not grow", page.run("return nn.memory.buffer.byteLength") == MEMORY)
    check("  and can't", page.run("try { nn.memory.grow(1); return false } catch { return true }"))


def main():
    driver = browser()
    try:
        page = Page(driver, serve())
        for part in [digits, exports, xor, module]:
            part(page)
        errors = [entry["message"] for entry in driver.get_log("browser") if entry["level"] == "SEVERE"]
        check("the console has no errors", not errors, errors or "")
    finally:
        driver.quit()
    print(f"{passed} passed, {failed} failed")
    return bool(failed)


sys.exit(main())

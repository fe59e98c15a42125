"""What the test needs: digits as strokes, a server, a browser, and the page in it."""

import functools
import http.server
import json
import math
import pathlib
import struct
import threading

from selenium import webdriver
from selenium.common.exceptions import TimeoutException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

HERE = pathlib.Path(__file__).parent


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

# As others write them: the digit, and its strokes.
OTHERS = [
    (0, [arc(50, 50, 14, 36, -90, -450)]),
    (0, [arc(50, 50, 34, 34, -60, -420)]),
    (1, [[(52, 14), (50, 86)]]),
    (1, [[(38, 32), (54, 16), (54, 84)], [(36, 84), (72, 84)]]),
    (2, [arc(48, 34, 20, 18, -170, 40) + arc(38, 76, 9, 8, -30, -330) + [(52, 84), (76, 80)]]),
    (2, [[(32, 24), (50, 14), (66, 24), (64, 40), (30, 84), (74, 84)]]),
    (3, [[(32, 18), (68, 18), (46, 44)] + arc(46, 64, 22, 20, -80, 150)]),
    (4, [[(60, 86), (60, 14), (28, 58), (76, 58)]]),
    (4, [[(32, 14), (30, 50), (70, 50)], [(68, 14), (66, 86)]]),
    (5, [[(70, 16), (40, 16), (36, 46), (54, 42), (66, 52), (66, 70), (54, 84), (34, 80)]]),
    (6, [arc(62, 50, 34, 36, -100, -180) + arc(46, 66, 18, 18, 180, -180)]),
    (7, [[(30, 20), (72, 20), (46, 84)]]),
    (8, [arc(50, 32, 15, 15, 0, -360), arc(50, 66, 19, 19, 0, 360)]),
    (9, [arc(48, 34, 18, 18, 0, -360) + [(66, 34), (64, 86)]]),
    (9, [arc(48, 34, 18, 18, 0, -360) + [(66, 34), (52, 86)]]),
]


def images():
    """The 1,000 held-out images of MNIST, pixels from 0 to 1, each with its digit."""
    pixels, digits = (next((HERE / "../data").glob(f"mnist-test1000-{what}*")).read_bytes()[header:]
                      for what, header in [("images", 16), ("labels", 8)])
    return [([pixel / 255 for pixel in pixels[784 * at:784 * (at + 1)]], digit) for at, digit in enumerate(digits)]


def rows(name, tensor):
    """The rows of a matrix of `f32` in a file of safetensors."""
    file = (HERE / name).read_bytes()
    start = 8 + int.from_bytes(file[:8], "little")
    entry = json.loads(file[8:start])[tensor]
    first, end = entry["data_offsets"]
    numbers = struct.unpack(f"<{(end - first) // 4}f", file[start + first:start + end])
    return list(zip(*[iter(numbers)] * entry["shape"][1]))


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
        self.wait(lambda: not self.text("facts").startswith("Loading"))

    def find(self, name):
        return self.driver.find_element(By.ID, name)

    def text(self, name):
        return self.find(name).text

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def wait(self, until):
        """Whether something comes true within two minutes."""
        try:
            return WebDriverWait(self.driver, 120, 0.1).until(lambda _: until())
        except TimeoutException:
            return False

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
        """The pixels of the drawing, of what the network sees, and of what each filter finds, that are not empty."""
        return self.run("""return [...document.querySelectorAll("#drawing, #pixels, #found canvas")].map(canvas => {
            const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            return data.filter((value, at) => at % 4 == 3 && value > 0).length;
        })""")

    def points(self):
        """What the network says of the four points, and the right answers."""
        lines = [point.text.split("\n") for point in self.find("points").find_elements(By.TAG_NAME, "li")]
        return [(float(said), int(formula[-1])) for said, formula in lines]

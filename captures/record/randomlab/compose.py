"""One situation: draws its deeds and conditions, does them side by side, and writes captures and truth."""
import json, platform, random, shutil, threading
from lab import Failure
from .conditions import draw_conditions
from .deeds import DEEDS
from .scene import Bystanders, Scene, World


SMALL = 200  # octets kept of each packet, where recordings are to be small
KEYS = ('client', 'server', 'translated', 'deed', 'cause', 'mechanism', 'notAt', 'also', 'maybe', 'ending', 'applications')


def draw_deeds(draw, story):
    """One deed that must stand alone, or one to four beside each other."""
    choice = [one for one in DEEDS.values() if story in (None, one.story, one.name)]
    weights = [one.weight for one in choice]
    first = draw.choices(choice, weights)[0]
    if story or 'alone' in first.needs or first.delay:
        return [first]
    others = [one for one in DEEDS.values() if 'alone' not in one.needs and not one.delay]
    return [first] + draw.choices(others, [one.weight for one in others], k=draw.choice([0, 0, 1, 1, 2, 3]))


class Composition:
    """The draws of one situation: the same for the same seed, number and story."""

    def __init__(self, seed, number, story=None, small=False):
        draw = random.Random(f'{seed}/{number}/{story or ""}')
        self.deeds = draw_deeds(draw, story)
        self.conditions = draw_conditions(draw, self.deeds)
        self.small = small
        self.draws = [random.Random(draw.random()) for _ in range(len(self.deeds) + 2)]
        self.name = f'{story or "random"}.{seed}-{number:04d}'
        self.situation = ' + '.join(f'[{one.name}] {one.situation}' for one in self.deeds)

    def perform(self, world):
        """Does the deeds at the same time, each in a thread of its own."""
        failures = []

        def work(deed, draw):
            try:
                deed.function(Scene(world, draw, deed))
            except (Failure, OSError, IndexError, ValueError) as failure:
                failures.append(f'{deed.name}: {failure!r}')

        with Bystanders(world, self.draws[-1], self.conditions['healthy']):
            world.lose()
            threads = [threading.Thread(target=work, args=pair, daemon=True) for pair in zip(self.deeds, self.draws)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(60)
            if any(thread.is_alive() for thread in threads):
                failures.append('a deed did not end')
        if failures:
            raise Failure('; '.join(failures))

    def record(self, out, slot):
        conditions = {**self.conditions, 'snaplen': SMALL} if self.small else self.conditions
        with World(self.name, conditions, slot, self.draws[-2]) as world:
            self.perform(world)
            files = world.stop()
            world.translate()
            resets = world.resets()
            world.verify(resets)
            return self.write(world, files, resets, out)

    def write(self, world, files, resets, out):
        """Every vantage's capture as <name>.<vantage>.pcap and the truth beside them; returns the captures."""
        seen = [vantage for vantage in files if any(one.get('deed') and vantage not in one.get('notAt', ()) for one in world.connections)] or list(files)
        kept = [self.draws[-2].choice(seen)] if self.small else list(files)
        vantages = {vantage: f'{self.name}.{vantage}.pcap' for vantage in kept}
        for vantage, path in files.items():
            if vantage in kept:
                shutil.move(path, out / vantages[vantage])
            else:
                path.unlink()
        truth = {'name': self.name, 'situation': self.situation, 'kernel': platform.release(), 'golden': kept[0], 'vantages': vantages,
                 'deeds': [one.name for one in self.deeds], 'conditions': self.conditions,
                 'connections': [{key: one[key] for key in KEYS if key in one} for one in world.connections], 'resets': resets}
        (out / f'{self.name}.truth.json').write_text(json.dumps(truth, indent=1) + '\n')
        return [out / place for place in vantages.values()]

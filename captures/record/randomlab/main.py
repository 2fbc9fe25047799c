"""npm run record -- random --seed S --count N [--first K] [--out DIR] [--story NAME] [--jobs J] [--small]"""
import argparse, fcntl, os, signal, sys, time, traceback
from pathlib import Path
from lab import Failure, require
from .compose import Composition
from .deeds import DEEDS

TAKES = 3     # races do not always happen
PATIENCE = 120  # seconds for one take


def main(arguments):
    stories = sorted({one.story for one in DEEDS.values() if one.story})
    parser = argparse.ArgumentParser(prog='record.py random', description='Composes situations from seeded draws and records them at three vantages, with their truth (as root).')
    parser.add_argument('--seed', required=True, help='any word or number: the same seed draws the same situations')
    parser.add_argument('--count', type=int, default=50, help='how many')
    parser.add_argument('--first', type=int, default=0, help='number of the first (to go on with a seed)')
    parser.add_argument('--out', type=Path, help='the folder to write to (default: ./random/SEED)')
    parser.add_argument('--story', choices=stories + sorted(DEEDS), metavar='NAME', help=f"only this story ({', '.join(stories)}) or deed")
    parser.add_argument('--jobs', type=int, default=6, help='situations at the same time; they mostly wait')
    parser.add_argument('--small', action='store_true', help='keep one vantage of each and 200 octets of each packet')
    parser.add_argument('--list', action='store_true', help='the deeds')
    options = parser.parse_args(arguments)
    if options.list:
        for one in DEEDS.values():
            print(f"{one.name:32} {one.story or '':16} {one.situation}")
        return 0
    require(['ip', 'tcpdump', 'nft', 'ethtool', 'conntrack'])
    out = options.out or Path('random') / options.seed
    out.mkdir(parents=True, exist_ok=True)
    return run([Composition(options.seed, number, options.story, options.small) for number in range(options.first, options.first + options.count)], out, options.jobs)


def run(waiting, out, jobs):
    """Every situation in a process of its own, `jobs` at a time; what fails is tried again, then told and left out."""
    takes, running, failed = {}, {}, []
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores it, and so would the programs that are to be stopped by it
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                one = waiting.pop(0)
                takes[one.name] = takes.get(one.name, 0) + 1
                running[start(one, out)] = one, time.time()
            time.sleep(0.02)
            for pid, (one, since) in list(running.items()):
                done, status = os.waitpid(pid, os.WNOHANG)
                if not done:
                    if time.time() - since > PATIENCE:
                        os.kill(pid, signal.SIGTERM)
                    continue
                del running[pid]
                if status and takes[one.name] < TAKES:
                    waiting.append(one)
                elif status:
                    failed.append(one.name)
    finally:
        for pid in running:
            os.kill(pid, signal.SIGTERM)
    if failed:
        print(f"record: {len(failed)} could not be made: {', '.join(failed)}", file=sys.stderr)
    return 0


def free_slot():
    """A number that no other situation on this machine holds, until this process ends: second octet of its addresses, part of its names."""
    for slot in range(10, 250):
        lock = os.open(f'/run/whyrst-random-{slot}.lock', os.O_CREAT | os.O_RDWR)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return slot
        except BlockingIOError:
            os.close(lock)
    raise Failure('too many situations at once')


def start(one, out):
    sys.stdout.flush()
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        places = one.record(out, free_slot())
        print(f"{one.name}: {', '.join(deed.name for deed in one.deeds)}; {sum(place.stat().st_size for place in places)} bytes", flush=True)
        status = 0
    except (Failure, OSError) as failure:
        print(f'{one.name}: {failure}', file=sys.stderr, flush=True)
    except (SystemExit, KeyboardInterrupt):
        print(f'{one.name}: stopped, or took too long', file=sys.stderr)
    except BaseException:
        traceback.print_exc()
    finally:
        for path in Path('/tmp').glob(f'whyrst-{os.getpid()}*'):
            path.unlink()
        os._exit(status)

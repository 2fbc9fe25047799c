"""Makes the recordings: python3 captures/record/record.py <name>... | all | --list | --readme [--out DIR], or random --seed S --count N"""
import argparse, fcntl, inspect, json, os, platform, re, shutil, signal, subprocess, sys, time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.dont_write_bytecode = True
import lab as laboratory
from lab import DEFAULTS, Failure, Lab, require, script, shell

HERE = Path(__file__).parent
TAKES = 4  # races do not always happen


def names():
    return sorted(path.stem for path in HERE.glob('*.py') if path.stem not in ('lab', 'record'))


def situation(module):
    return ' '.join(inspect.getdoc(module).split('\n\n')[0].split())


def rst_count(path):
    text = subprocess.run(['tcpdump', '-nn', '-r', str(path)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
    return len(re.findall(r'Flags \[[^\]]*R[^\]]*\]', text))


def take(name, module, out, delay):
    options = {'delay': delay} | {key: getattr(module, key) for key in DEFAULTS if hasattr(module, key)}
    with Lab(name, options) as lab:
        module.record(lab)
        files = lab.stop()
        resets = lab.resets()
        check(name, lab, files, resets)
        write(name, module, lab, files, resets, out)


def check(name, lab, files, resets):
    """A recording that does not show what its name says is no recording."""
    golden, wanted = files[lab.options['golden']], lab.options['reason']
    found = rst_count(golden)
    if name.startswith('no-reset'):
        if found:
            raise Failure(f'{found} resets in a recording without')
    elif not found:
        raise Failure('no reset at the golden vantage')
    first = resets[0]['reason'] if resets else None
    if first not in (wanted if isinstance(wanted, tuple) else (wanted,)):
        raise Failure(f'the kernel says {first}, expected {wanted}')
    if not lab.connections:
        raise Failure('the script says nothing about any connection')


def write(name, module, lab, files, resets, out):
    (out / 'vantage').mkdir(parents=True, exist_ok=True)
    for old in [*out.glob(f'{name}.pcap*'), *(out / 'vantage').glob(f'{name}.*')]:
        if old.name in {f'{name}.pcap', f'{name}.pcapng'} or re.fullmatch(re.escape(name) + r'\.(client|middle|server)\.pcap(ng)?', old.name):
            old.unlink()
    vantages, format = {}, lab.options['format']
    for vantage, path in files.items():
        place = f'{name}.{format}' if vantage == lab.options['golden'] else f'vantage/{name}.{vantage}.{format}'
        if format == 'pcapng':
            shell(f'editcap -F pcapng {path} {out / place}')
        else:
            shutil.copyfile(path, out / place)
        path.unlink()
        vantages[vantage] = place
    truth = {'name': name, 'situation': situation(module), 'kernel': platform.release(), 'golden': lab.options['golden'], 'vantages': vantages,
             'connections': [{key: one[key] for key in ('client', 'server', 'translated', 'cause', 'mechanism', 'notAt', 'also', 'applications') if key in one} for one in lab.connections],
             'resets': resets}
    (out / f'{name}.truth.json').write_text(json.dumps(truth, indent=2) + '\n')
    told = '; '.join(f"{side}: {', '.join(o['op'] + ' ' + str(o['result']) for o in one['applications'][side])}"
                     for one in lab.connections[:2] for side in ('client', 'server') if one['applications'][side])
    print(f"{name}: {(out / vantages[lab.options['golden']]).stat().st_size} bytes, {rst_count(out / vantages[lab.options['golden']])} RST at the {lab.options['golden']}, "
          f"kernel {', '.join(r['host'] + ' ' + r['reason'] + '/' + r['state'] for r in resets[:4]) or 'none'}{' ...' if len(resets) > 4 else ''} | {told}", flush=True)


def record(name, out, delay):
    module = script(name)
    require(['ip', 'tcpdump', 'nft', 'ethtool', *getattr(module, 'needs', ()), *(['editcap'] if getattr(module, 'format', 'pcap') == 'pcapng' else [])])
    for number in range(1, TAKES + 1):
        try:
            return take(name, module, out, delay)
        except (Failure, OSError) as failure:
            if number == TAKES:
                raise Failure(f'{name}: {failure}')
            print(f'{name}: {failure}; once more', file=sys.stderr)
        finally:
            for path in Path('/tmp').glob(f'whyrst-{os.getpid()}*'):
                path.unlink()


def readme(out):
    """Fills the table of captures/README.md from the scripts' docstrings and the truth files."""
    rows = []
    for name in names():
        path = out / f'{name}.truth.json'
        if not path.exists():
            continue
        truth, text = json.loads(path.read_text()), (HERE / f'{name}.py').read_text()
        reasons = list(dict.fromkeys(reset['reason'] for reset in truth['resets']))
        forged = 'raw socket' if re.search(r'\.forge\(', text) else ''
        rows.append(f"| [`{truth['vantages'][truth['golden']]}`]({truth['vantages'][truth['golden']]}) | {truth['situation']} | {truth['golden']} | {', '.join(reasons) or '–'} | {forged} |")
    page = out / 'README.md'
    head, _, rest = page.read_text().partition('<!-- table -->\n')
    tail = rest.partition('<!-- /table -->\n')[2]
    page.write_text(head + '<!-- table -->\n| capture | situation | golden vantage | kernel\'s reasons | forged |\n| --- | --- | --- | --- | --- |\n' + '\n'.join(rows) + '\n<!-- /table -->\n' + tail)


def main():
    if sys.argv[1:2] == ['random']:
        from randomlab.main import main as random_main
        return random_main(sys.argv[2:])
    parser = argparse.ArgumentParser(prog='record.py', description='Records the situations of this folder from real sockets and a real kernel (as root).')
    parser.add_argument('name', nargs='*', help='situations, or: all')
    parser.add_argument('--list', action='store_true', help='what there is')
    parser.add_argument('--readme', action='store_true', help='renew the table of captures/README.md')
    parser.add_argument('--out', type=Path, default=HERE.parent, help='the folder to write to (default: captures/)')
    parser.add_argument('--delay', type=float, default=DEFAULTS['delay'], help='seconds each way between the hosts, where a situation names none of its own')
    options = parser.parse_args()
    if options.list:
        for name in names():
            print(f'{name:45} {situation(script(name))}')
        return 0
    if options.readme:
        readme(options.out)
        return 0
    if not options.name:
        parser.error('name a situation, or all (--list shows them)')
    wanted = names() if options.name == ['all'] else [name.removesuffix('.py').rpartition('/')[2] for name in options.name]
    for name in wanted:
        if name not in names():
            raise Failure(f'{name}: no such situation (--list shows them)')
    require([])
    with open('/run/whyrst-record.lock', 'w') as lock:  # one lab on a machine at a time
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print('another recorder is at work; waiting', file=sys.stderr)
            fcntl.flock(lock, fcntl.LOCK_EX)
        failed = []
        for name in wanted:
            try:
                record(name, options.out, options.delay)
            except Failure as failure:
                if len(wanted) == 1:
                    raise
                failed.append(name)
                print(f'record: {failure}', file=sys.stderr)
    return 1 if failed else 0


if __name__ == '__main__':
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        sys.exit(main())
    except Failure as failure:
        print(f'record: {failure}', file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)

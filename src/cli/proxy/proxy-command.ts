/** `proxy`: its options and its help. */
import { Option } from 'commander'
import { parseFault } from '../../shared/faults/fault-text.ts'
import { PRESETS } from '../../shared/faults/presets.ts'
import { FAULT_KINDS, FAULTS } from '../../shared/faults.ts'
import { DEFAULT_MAX_MESSAGE_SIZE } from '../../shared/spec.ts'
import type { CommandLine } from '../command-line.ts'
import {
  durationOption,
  hostOption,
  maxMessagesOption,
  outputOptions,
  portOption,
  requestOption,
} from '../common-options.ts'
import { repeated, text } from '../option-values.ts'
import type { ProxyCommandOptions } from './run-proxy.ts'

/** The unit of each kind of value, as help shows it. */
const VALUES = {
  ...{ ms: '=TIME', share: '=SHARE', 'bytes/s': '=BYTES/s', bytes: '=BYTES' },
  ...{ messages: '=Nn', status: '=CODE', none: '' },
} as const

const FAULT_HELP = FAULT_KINDS.map((kind) => {
  const { name, unit, does } = FAULTS[kind]
  return `${name}${VALUES[unit]} ${does}`
})

const EXAMPLES = `
Examples:
  Record what a page and its development server say to each other: open the
  printed URL instead of that of the server:
    $ realtime-inspector proxy http://localhost:3000
  On a fixed port, into a file:
    $ realtime-inspector proxy http://localhost:3000 --port 8080 \\
        --save traffic.rtsession --format none
  Drop a tenth of the messages, the same ones in each run, and cut after 30 s:
    $ realtime-inspector proxy http://localhost:3000 --fault drop=10%,seed=1 \\
        --fault cut-after=30s
  Hold each message until you press Enter, or type what passes in its place:
    $ realtime-inspector proxy http://localhost:3000 --fault hold
  A forward proxy, for a program that takes the proxy from its environment:
    $ realtime-inspector proxy --forward --port 8080
    $ HTTP_PROXY=http://127.0.0.1:8080 node --use-env-proxy app.js
  A server with TLS, whose certificate is of your own authority:
    $ realtime-inspector proxy https://api.test --ca authority.pem

The first line is JSON with the URL of the proxy: {"listening":…,"target":…}.
With --forward, requests name their server. TLS passes in tunnels, which are
counted but not read, except to the hosts of --decrypt.
WebSockets, event streams, other streams and polls are recorded. Everything
else passes. Bodies are not changed.
Exit codes: 0 a limit was reached, 1 failed, 2 wrong usage, 130 ended by Ctrl-C.`

function options(): Option[] {
  return [
    portOption(),
    hostOption('the target, or with --forward to every server that this machine reaches'),
    new Option(
      '--fault <FAULT>',
      `cause this fault on purpose: ${FAULT_HELP.join('; ')}. cut-after: a number alone counts messages below 100, and milliseconds from there on. ,match=FILTER restricts it to some messages, or to URLs with this text; ,seed=N repeats random choices. Or a preset: ${PRESETS.map(({ name }) => name).join(', ')}. Repeatable`,
    ).argParser(repeated(parseFault)),
    new Option('--forward', 'be a forward proxy: pass requests on to the server that they name'),
    new Option(
      '--decrypt <HOST>',
      'with --forward: record what is sent to this host over TLS, with a certificate that the local authority signs (see the command authority); *.HOST means those below it; repeatable',
    ).argParser(repeated(text)),
    requestOption('--insecure', 'accept any certificate of a server'),
    requestOption('--ca <FILE>', 'also trust the certificates in this file (PEM); repeatable'),
    requestOption(
      '--max-message-size <BYTES>',
      `do not record a message that is longer (default: ${DEFAULT_MAX_MESSAGE_SIZE})`,
    ),
    maxMessagesOption('stop after this many inbound messages of all connections'),
    durationOption('stop after this time'),
    ...outputOptions(),
  ]
}

/** `proxy [TARGET]` */
export const proxy: CommandLine = {
  name: 'proxy',
  description: 'pass everything on to a server, or to any, and record the realtime traffic of its clients',
  operands: [['[TARGET]', 'origin of the server, such as http://localhost:3000; not with --forward']],
  options: options(),
  examples: EXAMPLES,
  async run(target: string | undefined, given: ProxyCommandOptions) {
    // Loaded late, because help and wrong usage do not need the proxy.
    const { runProxy } = await import('./run-proxy.ts')
    return await runProxy(target, given)
  },
}

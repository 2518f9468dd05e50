/** `replay`: its options and its help. */
import { Option } from 'commander'
import { RESEND_PACES } from '../../shared/protocol/resending.ts'
import type { CommandLine } from '../command-line.ts'
import {
  connectionOption,
  durationOption,
  headerOption,
  httpOption,
  networkOptions,
  outputOptions,
  requestOption,
  speedOption,
} from '../common-options.ts'
import { integer, seconds } from '../option-values.ts'
import type { ReplayOptions } from './replay-plan.ts'

/** Clients of a load. */
const MAX_CLIENTS = 10_000

const EXAMPLES = `
Examples:
  Play a session four times as fast:
    $ realtime-inspector replay traffic.rtsession --speed 4
  Print all of it in a readable form, without waiting:
    $ realtime-inspector replay traffic.rtsession --speed max --format pretty
  Send the recorded messages and requests to a live server, at the recorded
  times, and record its answers:
    $ realtime-inspector replay traffic.rtsession --to ws://localhost:8080/ \\
        --save now.rtsession --format none
  The same, as fast as the server answers:
    $ realtime-inspector replay traffic.rtsession --to ws://localhost:8080/ \\
        --pace answers
  As 500 clients, which start over 30 seconds; prints figures:
    $ realtime-inspector replay traffic.rtsession --to ws://localhost:8080/ \\
        --connections 500 --ramp 30

With --to, it ends when everything is sent and as many answers have arrived as
were recorded, or when no more arrive. With --connections, --format json prints
the figures as JSON, and the exit code is 1 if a connection failed.
Exit codes: 0 done, 1 failed, 2 wrong usage, 130 ended by Ctrl-C.`

function options(): Option[] {
  return [
    speedOption(),
    durationOption('end after this time'),
    new Option(
      '--to <URL>',
      'send the messages and the HTTP requests to this server; the URL stands for the first of the recording, others keep their paths',
    ),
    connectionOption('with --to: open only this connection (default: all)'),
    new Option(
      '--connections <N>',
      'with --to: replay as N clients at once, each with all recorded connections or that of --connection, and print figures: how many opened, and how long handshakes and answers took',
    ).argParser(integer(1, MAX_CLIENTS)),
    new Option(
      '--ramp <SECONDS>',
      'with --connections: start the clients evenly over this time (default: as fast as the server accepts them)',
    ).argParser(seconds),
    new Option(
      '--pace <name>',
      'with --to: send each message or request at its recorded time, or after as many answers as were recorded before it (default: time)',
    ).choices(RESEND_PACES),
    new Option(
      '--patience <SECONDS>',
      'with --to: end after this time without an answer (default: the longest silence in the recording plus 2)',
    ).argParser(seconds),
    headerOption(
      'with --to: send this header, "Name: value", or the headers in a file, one on each line; repeatable',
    ),
    requestOption(
      '--subprotocol <NAME>',
      'with --to: offer this WebSocket subprotocol; repeatable (default: as recorded)',
    ),
    requestOption(
      '--reconnect <never|backoff|MS>',
      'with --to: what to do if the connection is lost (default: as recorded)',
    ),
    requestOption('--timeout <MS>', 'with --to: time for an attempt to open'),
    ...networkOptions(),
    httpOption(),
    ...outputOptions(['json']),
  ]
}

/** `replay FILE` */
export const replay: CommandLine = {
  name: 'replay',
  description: 'play a session with its timing, or send what it sent to a live server',
  operands: [['FILE', 'session file (or HAR)']],
  options: options(),
  examples: EXAMPLES,
  async run(file: string, given: ReplayOptions) {
    // Loaded late, because help does not need the decoders, and only one of the two that run is needed.
    const { planReplay } = await import('./replay-plan.ts')
    const plan = await planReplay(file, given)
    if (plan.to === undefined) return await (await import('./play-session.ts')).run(plan)
    if (plan.load === undefined) return await (await import('./send-session.ts')).run(plan)
    return await (await import('./load-session.ts')).run(plan)
  },
}

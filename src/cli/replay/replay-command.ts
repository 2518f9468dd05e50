/** `replay`: its options and its help. */
import { Option } from 'commander'
import { RESEND_PACES } from '../../shared/protocol/resending.ts'
import type { CommandLine } from '../command-line.ts'
import { headerOption, networkOptions, outputOptions, requestOption } from '../common-options.ts'
import { integer, seconds, speed } from '../option-values.ts'
import { planReplay, type ReplayOptions } from './replay-plan.ts'

const EXAMPLES = `
Examples:
  Play a session four times as fast:
    $ realtime-inspector replay traffic.rtsession --speed 4
  Print all of it in a readable form, without waiting:
    $ realtime-inspector replay traffic.rtsession --speed max --format pretty
  Send the recorded outbound messages to a live server, at the recorded times,
  and record its answers:
    $ realtime-inspector replay traffic.rtsession --to ws://localhost:8080/ \\
        --save now.rtsession --format none
  The same, as fast as the server answers:
    $ realtime-inspector replay traffic.rtsession --to ws://localhost:8080/ \\
        --pace answers

With --to, it ends when every message is sent and as many answers have arrived
as were recorded, or when no more arrive.
Exit codes: 0 done, 1 failed, 2 wrong usage, 130 ended by Ctrl-C.`

function options(): Option[] {
  return [
    new Option('--speed <N|max>', 'factor of the recorded speed; max does not wait (default: 1)').argParser(
      speed,
    ),
    new Option('--duration <SECONDS>', 'end after this time').argParser(seconds),
    new Option('--to <URL>', 'send the outbound messages to this ws: or wss: URL'),
    new Option(
      '--connection <N>',
      'with --to: send the messages of this connection (default: the first that sent any)',
    ).argParser(integer(1, 0xffff)),
    new Option(
      '--pace <name>',
      'with --to: send each message at its recorded time, or after as many answers as were recorded before it (default: time)',
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
    ...outputOptions(),
  ]
}

/** `replay FILE` */
export const replay: CommandLine = {
  name: 'replay',
  description: 'play a session with its timing, or send its messages to a live peer',
  operands: [['FILE', 'session file (or HAR)']],
  options: options(),
  examples: EXAMPLES,
  async run(file: string, given: ReplayOptions) {
    const plan = await planReplay(file, given)
    // Loaded late, because only one of them is needed.
    const { run } =
      plan.to === undefined ? await import('./play-session.ts') : await import('./send-session.ts')
    return await run(plan)
  },
}

/** The command line of `replay`: its options and its help. */
import { Option } from 'commander'
import { PACES } from '../../shared/protocol/resending.ts'
import type { CommandLine } from '../command-line.ts'
import { headerOption, networkOptions, outputOptions, requestOption } from '../common-options.ts'
import { integer, seconds, speed } from '../option-values.ts'
import { planReplay, type ReplayOptions } from './replay-plan.ts'

const EXAMPLES = `
Examples:
  Watch a session again, four times as fast:
    $ realtime-inspector replay traffic.rtsession --speed 4
  Print all of it for people, at once:
    $ realtime-inspector replay traffic.rtsession --speed max --format pretty
  Send what was sent then to a live server, at the same times, and record what
  it answers:
    $ realtime-inspector replay traffic.rtsession --to ws://localhost:8080/ \\
        --save now.rtsession --format none
  The same as fast as it answers:
    $ realtime-inspector replay traffic.rtsession --to ws://localhost:8080/ \\
        --pace answers

With --to it ends when all is sent and as many messages have come back as were
recorded, or none comes any more.
Exit codes: 0 done, 1 failed, 2 wrong usage, 130 ended by Ctrl-C.`

function options(): Option[] {
  return [
    new Option('--speed <N|max>', 'times as fast as recorded; max does not wait (default: 1)').argParser(
      speed,
    ),
    new Option('--duration <SECONDS>', 'end after this time').argParser(seconds),
    new Option('--to <URL>', 'send the outbound messages to this ws: or wss: URL'),
    new Option(
      '--connection <N>',
      'with --to: send what this connection sent (default: the first that sends)',
    ).argParser(integer(1, 0xffff)),
    new Option(
      '--pace <name>',
      'with --to: send at the recorded times, or the next once as many answers came as then (default: time)',
    ).choices(PACES),
    new Option(
      '--patience <SECONDS>',
      'with --to: how long without an answer is the end (default: the longest silence of the recording, and 2)',
    ).argParser(seconds),
    headerOption('with --to: send this header, "Name: value", or those of a file, one a line; repeatable'),
    requestOption(
      '--subprotocol <NAME>',
      'with --to: offer this WebSocket subprotocol; repeatable (default: those recorded)',
    ),
    requestOption(
      '--reconnect <never|backoff|MS>',
      'with --to: what to do when the connection is lost (default: as recorded)',
    ),
    requestOption('--timeout <MS>', 'with --to: time an attempt has to open'),
    ...networkOptions(),
    ...outputOptions(),
  ]
}

/** `replay FILE` */
export const replay: CommandLine = {
  name: 'replay',
  description: 'play a session back with its timing, or send its messages to a live peer',
  operands: [['FILE', 'session file (or HAR)']],
  options: options(),
  examples: EXAMPLES,
  async run(file: string, given: ReplayOptions) {
    const plan = await planReplay(file, given)
    // Loaded only now, as only one of them is needed.
    const { run } =
      plan.to === undefined ? await import('./play-session.ts') : await import('./send-session.ts')
    return await run(plan)
  },
}

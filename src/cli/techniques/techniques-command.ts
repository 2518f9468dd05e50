/** `techniques`: its options and its help. */
import { Option } from 'commander'
import { BUFFERING_PROXY, CLIENTS_SEND } from '../../shared/techniques.ts'
import type { CommandLine } from '../command-line.ts'
import { colorOptions } from '../common-options.ts'
import { connectionList } from '../option-values.ts'
import type { TechniquesOptions } from './run-techniques.ts'

const EXAMPLES = `
The connections that carry the same events are found by their events, and put
side by side: requests, empty answers, overhead, latency, losses. The ranking
says why; the options answer what traffic cannot tell.

Examples:
  Which technique fits this feed?
    $ realtime-inspector techniques traffic.rtsession
  The same if a proxy on the way may buffer, and browsers use no library:
    $ realtime-inspector techniques traffic.rtsession --buffering-proxy yes --plain-browser
  The technique that fits best, for a script:
    $ realtime-inspector techniques traffic.rtsession --format json | jq -r '.advice[0].technique'`

/** `techniques FILE` */
export const techniques: CommandLine = {
  name: 'techniques',
  description: 'put the connections of a session side by side, and say which technique fits',
  operands: [['FILE', 'session file (or HAR)']],
  options: [
    new Option(
      '--connections <N,N,…>',
      'compare these connections; they carry the same feed (default: found by equal events)',
    ).argParser(connectionList),
    new Option('--clients-send <how>', 'how often clients send (default: as in the session)').choices(
      CLIENTS_SEND,
    ),
    new Option('--plain-browser', 'browsers use the feed without a library'),
    new Option('--buffering-proxy <whether>', 'a proxy on the way may buffer responses')
      .choices(BUFFERING_PROXY)
      .default('unknown'),
    new Option('--media', 'the feed is sound or video (default: as its content type says)'),
    new Option('--format <name>', 'how to print it').choices(['text', 'json']).default('text'),
    ...colorOptions('text'),
  ],
  examples: EXAMPLES,
  async run(path: string, given: TechniquesOptions) {
    // Loaded late, because help and wrong usage do not need the rules.
    const { runTechniques } = await import('./run-techniques.ts')
    return await runTechniques(path, given)
  },
}

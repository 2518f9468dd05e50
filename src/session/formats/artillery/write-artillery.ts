/** Writes a recording as a scenario of Artillery: what its clients did, for a load test. */
import type { Recording } from '../../../capture/recording.ts'
import { Failure } from '../../../shared/failure.ts'
import { VERSION } from '../../generator.ts'
import type { PayloadMasking } from '../../payload-masks.ts'
import { addPieces, type ByteSink } from '../bytes/byte-sink.ts'
import { ArtilleryFile } from './artillery-file.ts'
import { collectClients } from './collect-clients.ts'
import { Notes } from './notes.ts'
import type { RecordedClient } from './recorded-client.ts'
import { addRequestScenarios } from './request-scenarios.ts'
import { addSocketIoScenarios } from './socket-io-scenarios.ts'
import { addSocketScenarios } from './socket-scenarios.ts'

/**
 * Masks the recording by `masking`. Rejects with a `Failure` `NOTHING_TO_SEND` if no connection can be opened, or if reading or
 * writing fails.
 */
export async function writeArtillery(
  recording: Recording,
  masking: PayloadMasking,
  out: ByteSink,
): Promise<void> {
  const notes = new Notes()
  const clients = await collectClients(recording, masking, notes)
  const file = new ArtilleryFile(clients, notes)
  const of = (kind: RecordedClient['kind']) => clients.filter((client) => client.kind === kind)
  addSocketScenarios(of('ws'), file)
  addSocketIoScenarios(of('socketio'), file)
  addRequestScenarios(of('http'), file)
  if (file.scenarios.length === 0)
    throw new Failure(
      'NOTHING_TO_SEND',
      `The session has nothing that Artillery can open${reasonIn(notes)}; convert one with the start of a WebSocket, a stream or a poll.`,
    )
  const { dump } = await import('js-yaml')
  const { config, scenarios } = file
  // Artillery reads YAML 1.1, in which more plain words are no texts.
  const yaml = dump(
    { config, scenarios },
    { forceQuotes: true, quoteStyle: 'double', lineWidth: -1, noRefs: true },
  )
  await addPieces(out, Buffer.from(`${commentOf(file)}${yaml}`), (piece) => out.buffer.bytes(piece))
}

/** The first thing that could not be carried over. */
function reasonIn({ sentences: [first] }: Notes): string {
  return first === undefined ? '' : ` (${first.replace(/\.$/, '')})`
}

/** What users need to know, as a comment of YAML. */
function commentOf({ secrets: { variables }, notes: { sentences }, hints }: ArtilleryFile): string {
  const lines = [
    `Written by Realtime Inspector ${VERSION} for Artillery 2 (https://www.artillery.io/docs).`,
    'Run it with: npx artillery run FILE',
    'Each virtual user runs one of the scenarios, chosen at random. config.phases says how many there are.',
    ...hints,
    ...(variables.size === 0 ? [] : ['', 'Secrets are not in this file. Set these environment variables:']),
    ...[...variables].map(([name, what]) => `  ${name}: ${what}`),
    ...(sentences.length === 0 ? [] : ['', 'Not carried over:']),
    ...sentences.map((sentence) => `  - ${sentence}`),
  ]
  return lines.map((line) => `${`# ${commentText(line)}`.trimEnd()}\n`).join('')
}

/** A text on one line: names in it come from the recording. */
function commentText(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ')
}

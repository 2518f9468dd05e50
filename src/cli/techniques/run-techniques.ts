/** Compares the techniques of a recording and prints them. */
import { openRecording } from '../../session/open-recording.ts'
import { techniquesOfRecording } from '../../session/techniques-of-recording.ts'
import type { TechniqueAnswers } from '../../shared/techniques.ts'
import { EXIT } from '../exit.ts'
import { printLines } from '../line-stream.ts'
import { chooseColors } from '../pretty/terminal-text.ts'
import { printProblems } from '../recordings.ts'
import { printNotice } from '../standard-error.ts'
import { formatTechniques } from './format-techniques.ts'

export interface TechniquesOptions extends TechniqueAnswers {
  readonly connections?: readonly number[]
  readonly format: 'text' | 'json'
  readonly color?: boolean
}

/** Resolves with the exit code. Rejects with a `Failure` if the file cannot be read. */
export async function runTechniques(path: string, options: TechniquesOptions): Promise<number> {
  const { connections, format, color, ...answers } = options
  const recording = await openRecording(path)
  const report = await techniquesOfRecording(recording, answers, connections)
  const columns = process.stdout.columns ?? 100
  const lines =
    format === 'json'
      ? [JSON.stringify(report, null, 2)]
      : formatTechniques(report, chooseColors(color), columns)
  await printLines(lines)
  const unknown = connections?.filter((id) => !report.connections.some((each) => each.id === id)) ?? []
  if (unknown.length > 0) printNotice(`The session has no connection ${unknown.join(', ')}.`)
  printProblems(recording, path)
  return EXIT.done
}

/**
 * What the panel can call in a browser: reading, as in the editor, and what a browser can do with texts and files. What needs an
 * editor is missing, and so is what needs live traffic.
 */
import { findingsMarkdown } from '../../../src/shared/finding-document.ts'
import { isMutedBy, placeOf, withoutMuted } from '../../../src/shared/muted-rules.ts'
import type { DiagnosisSettings } from '../../../src/shared/protocol/findings.ts'
import type { Handlers } from '../../../src/shared/protocol/rpc.ts'
import type { EngineMethods, PanelMethods } from '../../../src/shared/protocol.ts'
import { techniquesMarkdown } from '../../../src/shared/techniques-markdown.ts'
import type { WorkerMethods } from '../engine/protocol.ts'
import { copy, download } from './browser.ts'

export interface OpenRecording {
  /** The name of its file. */
  readonly name: string
  call<K extends keyof WorkerMethods & string>(
    method: K,
    params: WorkerMethods[K]['params'],
  ): Promise<WorkerMethods[K]['result']>
}

const READING = [
  'filter',
  'stopFilter',
  'statistics',
  'paths',
  'hold',
  'previews',
  'wish',
  'detail',
  'related',
  'stream',
  'decoded',
  'decodedBytes',
  'conversation',
  'decoders',
  'setDecoder',
  'seenDecoded',
  'answers',
  'answer',
  'exchanges',
  'latency',
  'findings',
  'techniques',
  'report',
  'replay',
] as const satisfies readonly (keyof PanelMethods & keyof EngineMethods)[]

type Reading = Handlers<Pick<PanelMethods, (typeof READING)[number]>>

/** Handlers that pass calls on to the engine as they are. */
function readingCalls({ call }: OpenRecording): Reading {
  return Object.fromEntries(
    READING.map((method) => [method, (params: never) => call(method, params)]),
  ) as unknown as Reading
}

export function panelCalls(recording: OpenRecording) {
  const { name, call } = recording
  return {
    ...readingCalls(recording),
    ...findingCalls(recording),
    ping: () => {},
    noteSelection: () => {},
    feedRate: () => null,
    copy: ({ text }) => copy(text),
    copyAs: async ({ index, form }) => {
      const isCommand = form === 'curl' || form === 'websocat'
      await copy(
        isCommand
          ? (await call('command', { index, tool: form, shell: 'posix', reveal: false })).text
          : await call('copyText', { index, form }),
      )
      return { copied: true }
    },
    savePayload: async (which) => {
      const saved = await call('payloadFile', which)
      download(saved.name, saved.file)
      return { saved: true }
    },
    exportReport: async () => {
      const { text } = await call('reportDocument', { format: 'html' })
      download(`${name}.report.html`, new Blob([text], { type: 'text/html' }))
    },
    exportFindings: async () => {
      const list = await call('findings', null)
      const { connections } = await call('status', null)
      download(`${name}.findings.md`, new Blob([findingsMarkdown(list, connections)]))
    },
    exportTechniques: async (question) => {
      const report = await call('techniques', question)
      download(`${name}.techniques.md`, new Blob([techniquesMarkdown(report)]))
    },
  } satisfies Partial<Handlers<PanelMethods>>
}

/** The calls that change what is set about rules: here, for this recording only. */
function findingCalls({ call }: OpenRecording) {
  let settings: DiagnosisSettings = { thresholds: {}, muted: [] }
  const urlOf = async (connection: number | null) =>
    (await call('status', null)).connections.find(({ id }) => id === connection)?.url
  const set = async (changed: Partial<DiagnosisSettings>) => {
    settings = { ...settings, ...changed }
    await call('setDiagnosis', settings)
  }
  return {
    muteRule: async ({ rule, connection }) => {
      const url = await urlOf(connection)
      if (isMutedBy(settings.muted, rule, url ?? '')) return
      await set({ muted: [...settings.muted, url === undefined ? { rule } : { rule, url: placeOf(url) }] })
    },
    unmuteRule: async ({ rule, connection }) =>
      set({ muted: withoutMuted(settings.muted, rule, (await urlOf(connection)) ?? '') }),
    setThreshold: async ({ rule, value }) => {
      const { [rule]: _, ...others } = settings.thresholds
      await set({ thresholds: value === null ? others : { ...others, [rule]: value } })
    },
  } satisfies Partial<Handlers<PanelMethods>>
}

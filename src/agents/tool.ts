/** What a tool for language models is, and what it needs of the program that offers it. */
import * as v from 'valibot'
import type { Compared, ComparedConnections, CompareWish } from '../shared/comparison.ts'
import { Failure } from '../shared/failure.ts'
import type { FoundRecording } from '../shared/protocol/connecting.ts'
import type { FindingList } from '../shared/protocol/findings.ts'
import type { EngineMethods } from '../shared/protocol.ts'
import type { ConnectionSpec } from '../shared/spec.ts'

/** A session that tools read: the live one, or a recording. */
export interface AgentSession {
  call<K extends keyof EngineMethods & string>(
    method: K,
    params: EngineMethods[K]['params'],
    timeout?: number,
  ): Promise<EngineMethods[K]['result']>
  /** Resolves once all events so far are diagnosed. */
  findings(): Promise<FindingList>
}

/** One of two sessions that are compared: a file, or the live session. */
export type ComparedSession = { readonly recording: string } | 'live'

/** The editor, or the terminal program. */
export interface AgentHost {
  readonly live: AgentSession
  /** Names and JSONPaths of fields in payloads that models do not see. */
  readonly mask: readonly string[]
  /** Opens a connection of the live session, marked as one that an agent opened. */
  connect(spec: ConnectionSpec): Promise<number>
  /** Whether an agent opened the connection. */
  isAgents(connection: number): boolean
  /** Reads a recording in the folders that are open. Rejects with OUTSIDE, or as reading does. */
  read<T>(recording: string, use: (session: AgentSession) => Promise<T>): Promise<T>
  /** Some recordings in these folders, the newest first. */
  recordings(): Promise<readonly FoundRecording[]>
  compare(
    sessions: { readonly a: ComparedSession; readonly b: ComparedSession },
    how: CompareWish,
    connections: ComparedConnections | undefined,
    signal: AbortSignal,
  ): Promise<Compared>
}

/** What the user is asked before a tool runs. Secrets in it are masked. */
export type Question =
  | {
      readonly about: 'connect'
      readonly url: string
      readonly transport: string
      /** Names of the header fields. */
      readonly headers: readonly string[]
    }
  | {
      readonly about: 'send'
      readonly url: string
      readonly connection: number
      readonly text: string
      readonly bytes: number
    }
  | { readonly about: 'disconnect'; readonly url: string; readonly connection: number }

/** What a tool does beyond reading. */
export type ToolEffect = 'none' | 'opens' | 'sends' | 'ends'

export interface Tool {
  /** The same in the editor and the terminal. */
  readonly name: string
  /** For people: a few words. */
  readonly title: string
  /** For the model: what it does, when to use it, what it returns. */
  readonly description: string
  readonly effect: ToolEffect
  /** The schema of its input, an object. */
  readonly input: v.GenericSchema
  /** What to ask the user first; undefined for nothing. Rejects with a `Failure` if the input is wrong. */
  question(input: unknown, host: AgentHost): Promise<Question | undefined>
  /** Resolves to a value for JSON, of bounded size. Rejects with a `Failure`. */
  run(input: unknown, host: AgentHost, signal: AbortSignal): Promise<unknown>
}

export interface ToolDefinition<S extends v.GenericSchema>
  extends Pick<Tool, 'name' | 'title' | 'description' | 'effect'> {
  readonly input: S
  question?(input: v.InferOutput<S>, host: AgentHost): Promise<Question | undefined>
  run(input: v.InferOutput<S>, host: AgentHost, signal: AbortSignal): Promise<unknown>
}

/** Makes a tool that checks its input. */
export function defineTool<S extends v.GenericSchema>(definition: ToolDefinition<S>): Tool {
  const { name, title, description, effect, input: schema } = definition
  const read = (input: unknown): v.InferOutput<S> => {
    const result = v.safeParse(schema, input, { abortEarly: true })
    if (result.success) return result.output
    const [issue] = result.issues
    const path = v.getDotPath(issue)
    throw new Failure(
      'BAD_INPUT',
      `The input of ${name} ${path === null ? '' : `is not right: ${JSON.stringify(path.slice(0, 100))} `}${issue.message}.`,
    )
  }
  return {
    ...{ name, title, description, effect, input: schema },
    question: async (input, host) => await definition.question?.(read(input), host),
    run: async (input, host, signal) => await definition.run(read(input), host, signal),
  }
}

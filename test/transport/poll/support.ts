import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ConnectionSpec } from '../../../src/shared/spec.ts'
import { LongPollTransport, PollTransport } from '../../../src/transport/poll.ts'
import type { ResumeState } from '../../../src/transport/transport.ts'
import { Attempt } from '../../support/attempt.ts'
import { serveHttp } from '../../support/loopback.ts'

export type Answer = (response: ServerResponse, request: IncomingMessage) => void

/** Serves the responses one after the other, then holds further requests. */
export async function serveAnswers(
  ...answers: Answer[]
): Promise<{ url: string; requests: IncomingMessage[] }> {
  const requests: IncomingMessage[] = []
  const url = await serveHttp((request, response) => {
    requests.push(request)
    answers[requests.length - 1]?.(response, request)
  })
  return { url, requests }
}

export function longPoll(url: string, spec: Partial<ConnectionSpec> = {}, resume?: ResumeState): Attempt {
  return new Attempt(new LongPollTransport(), { interval: 0, ...spec, url }, resume)
}

export function poll(url: string, spec: Partial<ConnectionSpec> = {}): Attempt {
  return new Attempt(new PollTransport(), { interval: 0, ...spec, url })
}

export const say =
  (text: string, headers: Record<string, string> = {}): Answer =>
  (response) =>
    response.writeHead(200, headers).end(text)

export const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  (response) =>
    response.writeHead(code, headers).end()

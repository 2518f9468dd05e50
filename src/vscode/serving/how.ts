/** How a session is served. */
import type { ServeParams } from '../../shared/protocol/jobs.ts'

/** How a session is served; the rest is as recorded. */
export type How = Omit<ServeParams, 'path'>

export const AS_RECORDED: How = {
  port: 0,
  speed: 1,
  loop: false,
  outages: true,
  match: 'order',
  allowOrigins: [],
}

/** "×4, looping, no outages" */
export function inWords({ speed, loop, outages }: How): string {
  const pace = speed === null ? 'without waiting' : `×${speed}`
  return [pace, ...(loop ? ['looping'] : []), ...(outages ? [] : ['no outages'])].join(', ')
}

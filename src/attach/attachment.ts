/** Looks on the traffic of a program through its DevTools endpoint. */
import { Failure } from '../shared/failure.ts'
import type { AttachmentStatus, AttachOptions } from '../shared/protocol/traffic.ts'
import type { TrafficHost } from '../shared/traffic.ts'

export interface Attachment {
  status(): AttachmentStatus
  /** Resolves when it has ended, also if the program ended. */
  readonly done: Promise<void>
  /** Leaves the program, which goes on. */
  detach(): Promise<void>
}

export interface AttachmentHost extends TrafficHost {
  /** Called if the status may have changed. */
  changed(): void
}

/** Attaches to a program. Rejects with a `Failure` if there is none at the endpoint. */
export async function attachTo(
  _id: number,
  _options: AttachOptions,
  _host: AttachmentHost,
): Promise<Attachment> {
  throw new Failure('NOT_YET', 'Not yet.')
}

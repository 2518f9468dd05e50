/** What takes the traffic of a program that is attached to. */
import type { TrafficHost } from '../shared/traffic.ts'

export interface AttachmentHost extends TrafficHost {
  /** Called if the status may have changed. */
  changed(): void
}

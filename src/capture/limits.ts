/** How much a capture keeps. */
import type { HealthOptions } from './disk/health.ts'

export interface CaptureLimits extends HealthOptions {
  /** Bytes of payloads kept in memory. Default 64 MiB. */
  readonly memoryLimit?: number
  /** Bytes of payloads kept on disk; the oldest are dropped above this limit. Default 2 GiB. */
  readonly spoolLimit?: number
  /** Events kept, 32 bytes of memory each; the oldest are dropped above this limit. Default 10 million. */
  readonly maxEvents?: number
}

const MEBIBYTE = 1024 * 1024

/** The limits, with the defaults of those that are not given. */
export function limitsOf({ memoryLimit, spoolLimit, maxEvents }: CaptureLimits) {
  return {
    memoryLimit: memoryLimit ?? 64 * MEBIBYTE,
    spoolLimit: spoolLimit ?? 2048 * MEBIBYTE,
    maxEvents: maxEvents ?? 10_000_000,
  }
}

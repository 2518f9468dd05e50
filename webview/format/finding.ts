/** Severities, thresholds and times of findings as people read them. */
import * as l10n from '@vscode/l10n'
import {
  type Finding,
  type FindingCounts,
  type FindingThreshold,
  SEVERITIES,
  type Severity,
  type ThresholdUnit,
} from '../../src/shared/finding.ts'
import { errorCount, formatBytes, formatCount, hintCount, warningCount } from './count.ts'
import { formatRoundDuration, formatSessionTime } from './time.ts'

/** Icon, color and name of each severity. */
export const SEVERITY_LOOKS: Readonly<
  Record<
    Severity,
    { readonly icon: string; readonly tone: string; readonly name: string; count(count: number): string }
  >
> = {
  error: { icon: 'error', tone: 'error', name: l10n.t('Error'), count: errorCount },
  warning: { icon: 'warning', tone: 'warn', name: l10n.t('Warning'), count: warningCount },
  info: { icon: 'info', tone: 'info', name: l10n.t('Hint'), count: hintCount },
}

/** The worst severity that there is. */
export function worstOf(counts: FindingCounts): Severity | undefined {
  return SEVERITIES.find((severity) => counts[severity] > 0)
}

/** `1 error, 2 warnings`. */
export function severitiesText(counts: FindingCounts): string {
  return SEVERITIES.filter((severity) => counts[severity] > 0)
    .map((severity) => SEVERITY_LOOKS[severity].count(counts[severity]))
    .join(', ')
}

/** `00:47.603 to 00:50.003`. Empty if it has no time. */
export function findingTimes({ from, to = from }: Finding): string {
  if (from === undefined || to === undefined) return to === undefined ? '' : formatSessionTime(to)
  const [first, last] = [formatSessionTime(from), formatSessionTime(to)]
  return first === last ? first : l10n.t('{0} to {1}', first, last)
}

interface FieldUnit {
  /** What the value of the threshold is divided by in a field. */
  readonly factor: number
  /** After the field. */
  readonly name: string
}

const FIELD_UNITS: Readonly<Record<ThresholdUnit, FieldUnit>> = {
  ms: { factor: 1, name: 'ms' },
  bytes: { factor: 1, name: 'B' },
  share: { factor: 0.01, name: '%' },
  count: { factor: 1, name: '' },
  factor: { factor: 1, name: '×' },
}
const SECONDS: FieldUnit = { factor: 1000, name: 's' }

/** The unit in which people set a threshold. */
export function fieldUnit({ value, unit }: FindingThreshold): FieldUnit {
  return unit === 'ms' && value >= 1000 ? SECONDS : FIELD_UNITS[unit]
}

/** A threshold in the unit of its field, without rounding errors. */
export function fieldValue(threshold: FindingThreshold): number {
  return Number((threshold.value / fieldUnit(threshold).factor).toPrecision(12))
}

const THRESHOLDS: Readonly<Record<ThresholdUnit, (value: number) => string>> = {
  ms: formatRoundDuration,
  bytes: formatBytes,
  share: (value) => `${Number((value * 100).toPrecision(3))}\u00a0%`,
  count: formatCount,
  factor: (value) => `${Number(value.toPrecision(3))}\u00a0×`,
}

export function thresholdText({ value, unit }: FindingThreshold): string {
  return THRESHOLDS[unit](value)
}

/** Topics that a subscription covers. */

/**
 * Whether one of the filters, which commas separate, covers a topic: it is the same, or has the wildcards of MQTT
 * (version 5.0, section 4.7).
 */
export function covers(filters: string, topic: string): boolean {
  const levels = topic.split('/')
  return filters.split(', ').some((filter) => filter === topic || matches(filter.split('/'), levels))
}

function matches(filter: readonly string[], levels: readonly string[]): boolean {
  const rest = filter.indexOf('#')
  const count = rest < 0 ? filter.length : rest
  if (rest < 0 ? levels.length !== count : levels.length < count) return false
  return filter.slice(0, count).every((level, n) => level === '+' || level === levels[n])
}

/** The calls that narrow a session: filter it, count a part of it, hold new events back from the reader. */
import type { Log } from '../capture/recording.ts'
import { eventText } from '../capture/search/event-text.ts'
import type { SearchSource } from '../capture/search/search.ts'
import { seenPaths } from '../capture/search/seen-paths.ts'
import type { FilterMethods } from '../shared/protocol/filtering.ts'
import type { Handlers } from '../shared/protocol/rpc.ts'
import type { SessionDecoding } from './decoding/session-decoding.ts'
import type { Feed } from './feed.ts'
import type { FilterRunner } from './filter-runner.ts'
import type { StatisticsRunner } from './statistics-runner.ts'

export function filterCalls(
  log: Log,
  decoding: SessionDecoding,
  filter: FilterRunner,
  statistics: StatisticsRunner,
  feed: Feed,
): Handlers<FilterMethods> {
  return {
    filter: ({ text, generation }) => filter.start(text, generation),
    stopFilter: ({ generation }) => filter.stop(generation),
    statistics: (selected) => statistics.run(selected),
    paths: () => seenPaths(searchable(log, decoding)),
    hold: ({ held }) => feed.hold(held),
  }
}

/** A log as a search reads it. */
export function searchable(capture: Log, decoding?: SessionDecoding): SearchSource {
  const { prefilter } = capture
  return {
    ...(prefilter === undefined
      ? {}
      : { prefilter: (from, needles) => prefilter.call(capture, from, needles) }),
    ...(decoding !== undefined && { decoding }),
    get count() {
      return capture.count
    },
    get firstKept() {
      return capture.firstKept
    },
    get eventNames() {
      return capture.eventNames
    },
    columns: (from, max) => capture.columns(from, max),
    text: (index) => eventText(capture, index),
  }
}

/** The calls that narrow a session: filter it, count a part of it, hold it back from the reader. */
import type { Log } from '../capture/log.ts'
import { eventText } from '../capture/search/event-text.ts'
import type { SearchSource } from '../capture/search/search.ts'
import { seenPaths } from '../capture/search/seen-paths.ts'
import type { FindingMethods } from '../shared/protocol/finding.ts'
import type { Handlers } from '../shared/protocol/rpc.ts'
import type { Feed } from './feed.ts'
import type { Finder } from './finder.ts'
import type { Surveyor } from './surveyor.ts'

export function findingCalls(
  log: Log,
  finder: Finder,
  surveyor: Surveyor,
  feed: Feed,
): Handlers<FindingMethods> {
  return {
    filter: ({ text, generation }) => finder.start(text, generation),
    stopFilter: ({ generation }) => {
      finder.stop(generation)
      return null
    },
    survey: (selected) => surveyor.survey(selected),
    paths: () => seenPaths(searchable(log)),
    hold: ({ held }) => {
      feed.hold(held)
      return null
    },
  }
}

/** The capture as a search reads it. */
export function searchable(capture: Log): SearchSource {
  const { sift } = capture
  return {
    ...(sift === undefined ? {} : { sift: (from, needles) => sift.call(capture, from, needles) }),
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

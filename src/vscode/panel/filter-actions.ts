/** What the page asks for to narrow the session: checked, and passed on to the engine or the store of filters. */
import * as v from 'valibot'
import { GROUPS } from '../../shared/groups.ts'
import {
  type FilterPanelMethods,
  MAX_FILTER,
  MAX_FILTER_NAME,
  MAX_NOTE,
} from '../../shared/protocol/filtering.ts'
import type { Handlers } from '../../shared/protocol/rpc.ts'
import type { EngineSession } from '../session/engine-session.ts'
import type { SavedFilters } from '../session/saved-filters.ts'

const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 32))
const time = v.pipe(v.number(), v.finite(), v.minValue(0))
const name = v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_FILTER_NAME))
const filter = v.pipe(v.string(), v.maxLength(MAX_FILTER))

/** A part of the session. */
export const selected = v.strictObject({
  generation: v.nullable(count),
  range: v.nullable(v.strictObject({ from: time, to: time })),
  connection: v.nullable(count),
  hidden: v.pipe(v.array(v.picklist(GROUPS)), v.maxLength(GROUPS.length)),
  end: count,
})

export const FILTER_PARAMS: { readonly [K in keyof FilterPanelMethods]: v.GenericSchema } = {
  filter: v.strictObject({ text: filter, generation: count }),
  stopFilter: v.strictObject({ generation: count }),
  statistics: selected,
  paths: v.null(),
  hold: v.strictObject({ held: v.boolean() }),
  mark: v.strictObject({ text: v.pipe(v.string(), v.maxLength(MAX_NOTE)), time }),
  saveFilter: v.strictObject({ name, text: v.pipe(filter, v.minLength(1)) }),
  forgetFilter: v.strictObject({ name }),
}

/** `hold` is the panel's own: it lasts as long as the page does. */
export function filterActions(session: EngineSession, filters: SavedFilters): Handlers<FilterPanelMethods> {
  return {
    filter: (params) => session.call('filter', params),
    stopFilter: (params) => session.call('stopFilter', params),
    statistics: (params) => session.call('statistics', params),
    paths: (params) => session.call('paths', params),
    hold: (params) => session.call('hold', params),
    mark: (params) => session.call('mark', params),
    saveFilter: (params) => filters.save(params),
    forgetFilter: ({ name }) => filters.forget(name),
  }
}

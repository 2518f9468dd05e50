/** Calls of the page that name and color a connection. The host keeps both while the session lives. */

/** The name of a connection, empty for its own, or its color, from 1 to `COLORS`. */
export type LabelChange =
  | { readonly id: number; readonly name: string }
  | { readonly id: number; readonly color: number }

export type LabelMethods = {
  labelConnection: { params: LabelChange; result: null }
}

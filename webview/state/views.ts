/** The views of the session. The page shows one of them. To add a view, add it here and to `VIEWS` in webview/page/views.tsx. */

export const VIEW_IDS = ['events', 'answers', 'findings', 'report', 'techniques'] as const
export type ViewId = (typeof VIEW_IDS)[number]

/** The id of the element that contains the view. */
export const VIEW_ELEMENT = 'view'

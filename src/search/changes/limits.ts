/** Changes on one page. */
export const changesDefault = 100;
export const changesMax = 1000;
/** Changes that are looked at for one page: with a provider that has few of them, a page can be empty and not the last. */
export const lookedAtMax = 200_000;

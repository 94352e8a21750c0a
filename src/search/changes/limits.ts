/** Changes on one page. */
export const changesDefault = 100;
export const changesMax = 1000;

// How people read the kinds of changes in a history.

export const changeKinds = {
  added: 'First seen',
  changed: 'Changed',
  relisted: 'Listed again',
  withdrawn: 'Left its feed',
};

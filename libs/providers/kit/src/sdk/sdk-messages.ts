/** What is told about a field that does not fit. */
export const MESSAGE = {
  required: 'Field required',
  text: 'Input should be a valid string',
  instant: 'Input should be a valid datetime',
  number: 'Input should be a valid decimal',
  integer: 'Input should be a valid integer',
  object: 'Input should be a valid dictionary',
  item: 'Input should be a valid dictionary or object to extract fields from',
  list: 'Input should be a valid list',
  statistic: 'Input should be a valid number or boolean',
  range: 'Value is out of range',
  order: 'Ends before it starts',
  duration: 'Duration is out of range',
  zone: 'Not a zone offset, ignored',
  place: 'Not a place on earth, ignored',
} as const;

const OPTIONAL_BODY = 'wire:optional-body';

/** Marks a body DTO whose body may be empty or JSON null: it is read as `{}` then. */
export const OptionalBody = (): ClassDecorator => (target) => {
  Reflect.defineMetadata(OPTIONAL_BODY, true, target);
};

export const isOptionalBody = (dto: object): boolean => Reflect.getMetadata(OPTIONAL_BODY, dto) === true;

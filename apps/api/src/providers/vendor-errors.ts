/** What routes answer that ask a vendor while the caller waits. */
export const VENDOR_ERRORS: Readonly<Record<number, string>> = {
  409: 'The vendor does not accept our token: the user must connect again',
  501: 'The provider cannot do this',
  502: 'The vendor does not answer as it should',
  503: 'The credentials of the provider are not set',
};

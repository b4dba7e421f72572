import 'bank_link.dart';

/// Whether two addresses have scheme, host and port in common: the same page's owner.
bool isSameOrigin(Uri one, Uri other) =>
    one.scheme == other.scheme && one.host == other.host && one.port == other.port;

/// Whether this is the redirect URI, whatever parameters it came with.
bool isRedirect(Uri url, Uri redirect) => isSameOrigin(url, redirect) && url.path == redirect.path;

/// What the redirect says about how it ended; null if it says nothing.
BankLinkOutcome? outcomeOf(Uri redirect) {
  final query = redirect.queryParameters;
  if (query.containsKey('error')) return const Left('failed');
  // `/link` brings a code, `/v2/` the connection's id: the server finds the code that belongs to it.
  if (query.containsKey('code') || query.containsKey('loginId')) return Linked(query['code']);
  return null;
}

/// What means something within a page only, or reaches into an app.
const _ofTheWebview = {'', 'http', 'javascript', 'data', 'blob', 'file', 'content', 'about', 'intent'};

/// Whether an address that is not the widget's may be left to the system: the bank's app, the bank's help, the terms.
bool mayLeaveTo(Uri url) => !_ofTheWebview.contains(url.scheme);

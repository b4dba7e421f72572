import 'dart:convert';

import 'package:http/http.dart' as http;

/// The app's own server: what it does is in `examples/README.md`. It alone has the client secret: it makes tokens, and
/// exchanges codes.
class BankLinkServer {
  const BankLinkServer(this._base);

  final String _base;

  /// Asks for an authorize token for the person who is signed in to the app. Null if [session], the link session that the
  /// app was killed in, has linked a bank meanwhile.
  Future<String?> begin(String? session) async {
    final answer = jsonDecode(await _post('/bank-links', {'session': session}));
    return answer is Map<String, dynamic> ? answer['token'] as String? : null;
  }

  /// Has the server exchange a code. Without one it looks through the codes that nobody has exchanged yet.
  Future<void> collect(String? code) => _post('/bank-links/collect', {'code': code});

  /// Posts as the person who is signed in: put your app's own session on the request.
  Future<String> _post(String path, Map<String, String?> body) async {
    final response = await http
        .post(
          Uri.parse('$_base$path'),
          headers: {'Content-Type': 'application/json'},
          body: jsonEncode(body),
        )
        .timeout(const Duration(seconds: 15));
    if (response.statusCode < 200 || response.statusCode > 299) {
      throw http.ClientException('the server answered ${response.statusCode}');
    }
    return response.body;
  }
}

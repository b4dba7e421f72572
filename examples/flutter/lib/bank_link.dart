import 'dart:async';
import 'dart:convert';

import 'package:app_links/app_links.dart';
import 'package:flutter/material.dart';
import 'package:flutter/services.dart';
import 'package:url_launcher/url_launcher.dart';
import 'package:webview_flutter/webview_flutter.dart';

import 'bank_link_address.dart';
import 'bank_link_server.dart';

/// How it ended.
sealed class BankLinkOutcome {
  const BankLinkOutcome();
}

/// A bank is linked. The code is for the app's server, which exchanges it; without one the server looks for it.
class Linked extends BankLinkOutcome {
  const Linked(this.code);

  final String? code;
}

/// Nothing is linked. The reason is that of the message `EXIT`.
class Left extends BankLinkOutcome {
  const Left(this.reason);

  final String reason;
}

/// The widget, or the app's server, could not be reached.
class Unavailable extends BankLinkOutcome {
  const Unavailable();
}

/// The widget, as a screen that pops with a [BankLinkOutcome].
class BankLink extends StatefulWidget {
  const BankLink({
    super.key,
    required this.widgetAddress,
    required this.redirect,
    required this.server,
    this.session,
    this.onSession,
  });

  /// Where the widget is served. Nothing else is shown in the webview, and nobody else may talk to the app.
  final Uri widgetAddress;

  /// The app's redirect URI, to the letter as it is registered with banklink: `exampleapp://linked`.
  final Uri redirect;

  final BankLinkServer server;

  /// What [onSession] told last, if the app was killed before the outcome.
  final String? session;

  /// Keep this while the widget is open. It is no secret.
  final void Function(String? session)? onSession;

  @override
  State<BankLink> createState() => _BankLinkState();
}

class _BankLinkState extends State<BankLink> {
  /// Most tokens that are asked for within a minute: if new ones are refused as well, more won't help.
  static const _mostTokens = 3;

  late String? _session = widget.session;
  WebViewController? _webView;
  List<DateTime> _renewals = const [];
  bool _isOver = false;
  bool _isAtBank = false;
  late final StreamSubscription<Uri> _links;

  @override
  void initState() {
    super.initState();
    // The way back from the bank. What stands in the address is not believed, since every app may open it; the widget
    // hears from its server how it went.
    _links = AppLinks().uriLinkStream.listen((_) => _closeBank());
    _begin();
  }

  @override
  void dispose() {
    _isOver = true;
    _links.cancel();
    super.dispose();
  }

  Future<void> _begin() async {
    try {
      final token = await widget.server.begin(_session);
      if (_isOver) return;
      if (token == null) return _end(const Linked(null));
      await _show(token);
    } on Exception {
      _end(const Unavailable());
    }
  }

  /// Opens the widget, in a new webview: it has no history of a token that is used up.
  Future<void> _show(String token) async {
    final webView = WebViewController();
    await webView.setJavaScriptMode(JavaScriptMode.unrestricted);
    await webView.addJavaScriptChannel(
      'banklink',
      onMessageReceived: (message) => _heard(webView, message.message),
    );
    await webView.setNavigationDelegate(
      NavigationDelegate(
        onNavigationRequest: _decide,
        onWebResourceError: (error) {
          if (error.errorType == WebResourceErrorType.webContentProcessTerminated) {
            webView.reload();
          } else if (error.isForMainFrame ?? false) {
            _end(const Unavailable());
          }
        },
      ),
    );
    if (_isOver) return;
    setState(() => _webView = webView);
    await webView.loadRequest(_address(token));
  }

  /// Text on both systems: without `stringify`, iOS would hand over what Dart makes of an object.
  Uri _address(String token) => widget.widgetAddress.replace(
    path: '/v2/',
    queryParameters: {
      'authorizeToken': token,
      'webview': 'true',
      'stringify': 'true',
      if (_session case final session?) 'requestId': session,
    },
  );

  /// Begins anew with another token.
  void _renew() {
    if (_isOver) return;
    final now = DateTime.now();
    const minute = Duration(minutes: 1);
    _renewals = [..._renewals.where((time) => now.difference(time) < minute), now];
    _remember(null);
    _renewals.length > _mostTokens ? _end(const Unavailable()) : unawaited(_begin());
  }

  void _remember(String? session) {
    if (session == _session) return;
    _session = session;
    widget.onSession?.call(session);
  }

  void _end(BankLinkOutcome outcome) {
    if (_isOver) return;
    _isOver = true;
    _remember(null);
    _closeBank();
    if (mounted) Navigator.of(context).pop(outcome);
  }

  /// Takes a message. The channel does not say who speaks, so what is shown has to be the widget.
  Future<void> _heard(WebViewController webView, String text) async {
    final shown = Uri.tryParse(await webView.currentUrl() ?? '');
    final isWidget = shown != null && isSameOrigin(shown, widget.widgetAddress);
    if (_isOver || webView != _webView || !isWidget) return;
    final Object? message;
    try {
      message = jsonDecode(text);
    } on FormatException {
      return;
    }
    if (message is! Map<String, dynamic>) return;
    if (message case {'banklink': {'session': final String session}}) _remember(session);
    switch (message) {
      case {'step': 'OPEN_URL', 'url': final String url}:
        await _openBank(Uri.parse(url));
      case {'step': 'REDIRECT', 'code': final String code}:
        _end(Linked(code));
      case {'step': 'EXIT', 'reason': 'unsupported'}:
        // What the person did not choose is explained on the page, until they close it.
        break;
      case {'step': 'EXIT', 'reason': final String reason}:
        _end(Left(reason));
      case {'step': 'TOKEN_INVALID'}:
        _renew();
      case {'step': 'ERROR', 'parameter': 'requestId'}:
        // The session that was to go on is over, or at a step that begins anew anyway.
        _renew();
      case {'step': final String step} when step.startsWith('COMPONENT_LOAD_'):
        _closeBank();
    }
  }

  NavigationDecision _decide(NavigationRequest request) {
    final url = Uri.tryParse(request.url);
    if (url == null || !request.isMainFrame) return NavigationDecision.prevent;
    if (isSameOrigin(url, widget.widgetAddress)) return NavigationDecision.navigate;
    if (isRedirect(url, widget.redirect)) {
      if (outcomeOf(url) case final outcome?) _end(outcome);
    } else if (mayLeaveTo(url)) {
      unawaited(_leaveTo(url));
    }
    return NavigationDecision.prevent;
  }

  Future<void> _leaveTo(Uri url) async {
    try {
      await launchUrl(url, mode: LaunchMode.externalApplication);
    } on PlatformException {
      // No app for it: the page still offers another way.
    }
  }

  /// Shows the bank's own page in the system's browser, over the widget, which waits for the bank's answer meanwhile.
  Future<void> _openBank(Uri url) async {
    if (url.scheme != 'https' && !isSameOrigin(url, widget.widgetAddress)) return;
    _isAtBank = await launchUrl(url, mode: LaunchMode.inAppBrowserView);
  }

  /// The widget has moved on: the bank's page is done. On Android the person closes the tab.
  Future<void> _closeBank() async {
    if (!_isAtBank) return;
    _isAtBank = false;
    if (await supportsCloseForLaunchMode(LaunchMode.inAppBrowserView)) await closeInAppWebView();
  }

  /// Each step of the widget is an entry of the webview's history.
  Future<void> _back() async {
    final webView = _webView;
    if (webView != null && await webView.canGoBack()) {
      await webView.goBack();
    } else {
      _end(const Left('closed'));
    }
  }

  @override
  Widget build(BuildContext context) {
    final webView = _webView;
    return PopScope<BankLinkOutcome>(
      canPop: false,
      onPopInvokedWithResult: (didPop, _) {
        if (!didPop) unawaited(_back());
      },
      // Ends at the keyboard, so that the page can scroll the field in focus into sight.
      child: Scaffold(
        body: SafeArea(
          child: webView == null
              ? const Center(child: CircularProgressIndicator())
              : WebViewWidget(key: ObjectKey(webView), controller: webView),
        ),
      ),
    );
  }
}

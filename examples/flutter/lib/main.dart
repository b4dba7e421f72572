import 'package:flutter/material.dart';

import 'bank_link.dart';
import 'bank_link_server.dart';

void main() => runApp(const MaterialApp(home: BanksScreen()));

class BanksScreen extends StatefulWidget {
  const BanksScreen({super.key});

  @override
  State<BanksScreen> createState() => _BanksScreenState();
}

class _BanksScreenState extends State<BanksScreen> {
  static const _server = BankLinkServer('https://app.example');

  /// Keep it where it survives the app, such as `shared_preferences`, and open the widget at the start if there is one.
  String? _session;
  String _note = '';

  Future<void> _connect() async {
    final outcome = await Navigator.of(context).push<BankLinkOutcome>(
      MaterialPageRoute(
        builder: (_) => BankLink(
          widgetAddress: Uri.parse('https://link.example'),
          redirect: Uri.parse('exampleapp://linked'),
          server: _server,
          session: _session,
          onSession: (session) => _session = session,
        ),
      ),
    );
    final note = await _noteOf(outcome);
    if (mounted) setState(() => _note = note);
  }

  Future<String> _noteOf(BankLinkOutcome? outcome) async => switch (outcome) {
    Linked(code: final code) => await _collect(code),
    Unavailable _ => 'Connecting a bank does not work just now. Please try again later.',
    Left _ || null => 'Nothing was connected.',
  };

  Future<String> _collect(String? code) async {
    try {
      await _server.collect(code);
      return 'Your bank is connected.';
    } on Exception {
      // The code waits at banklink: the server collects it the next time it is asked.
      return 'Your bank is connected. Its accounts will be here soon.';
    }
  }

  @override
  Widget build(BuildContext context) => Scaffold(
    body: Center(
      child: Column(
        mainAxisSize: MainAxisSize.min,
        spacing: 16,
        children: [
          FilledButton(onPressed: _connect, child: const Text('Connect a bank')),
          Text(_note),
        ],
      ),
    ),
  );
}

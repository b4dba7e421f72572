import { useState } from "react";
import { Button, StyleSheet, Text, View } from "react-native";
import { SafeAreaProvider } from "react-native-safe-area-context";

import { BankLink, type Outcome } from "./BankLink";
import { collect } from "./server";

export default function App() {
  const [isLinking, setLinking] = useState(false);
  /** Keep it where it survives the app, such as AsyncStorage, and open the widget at the start if there is one. */
  const [session, setSession] = useState<string | null>(null);
  const [note, setNote] = useState("");

  const ended = async (outcome: Outcome) => {
    setLinking(false);
    setNote(await noteOf(outcome));
  };

  return (
    <SafeAreaProvider>
      {isLinking ? (
        <BankLink session={session} onSession={setSession} onOutcome={(outcome) => void ended(outcome)} />
      ) : (
        <View style={styles.screen}>
          <Button title="Connect a bank" onPress={() => setLinking(true)} />
          <Text>{note}</Text>
        </View>
      )}
    </SafeAreaProvider>
  );
}

async function noteOf(outcome: Outcome): Promise<string> {
  switch (outcome.kind) {
    case "linked":
      try {
        await collect(outcome.code);
        return "Your bank is connected.";
      } catch {
        // The code waits at banklink: the server collects it the next time it is asked.
        return "Your bank is connected. Its accounts will be here soon.";
      }
    case "left":
      return "Nothing was connected.";
    case "unavailable":
      return "Connecting a bank does not work just now. Please try again later.";
  }
}

const styles = StyleSheet.create({ screen: { flex: 1, alignItems: "center", justifyContent: "center", gap: 16 } });

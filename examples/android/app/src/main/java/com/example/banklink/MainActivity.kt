package com.example.banklink

import android.os.Bundle
import android.view.Gravity
import android.widget.Button
import android.widget.LinearLayout
import android.widget.TextView
import androidx.activity.ComponentActivity
import androidx.lifecycle.lifecycleScope
import java.io.IOException
import kotlinx.coroutines.launch

class MainActivity : ComponentActivity() {
    private val server = BankLinkServer()
    private lateinit var note: TextView

    private val linkBank = registerForActivityResult(LinkBank()) { outcome ->
        when (outcome) {
            is BankLinkOutcome.Linked -> collect(outcome.code)
            is BankLinkOutcome.Left -> note.text = "Nothing was connected."
            BankLinkOutcome.Unavailable ->
                note.text = "Connecting a bank does not work just now. Please try again later."
        }
    }

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        note = TextView(this)
        val connect = Button(this).apply {
            text = "Connect a bank"
            setOnClickListener { linkBank.launch(Unit) }
        }
        setContentView(LinearLayout(this).apply {
            orientation = LinearLayout.VERTICAL
            gravity = Gravity.CENTER
            addView(connect)
            addView(note)
        })
    }

    private fun collect(code: String?) = lifecycleScope.launch {
        note.text = try {
            server.collect(code)
            "Your bank is connected."
        } catch (_: IOException) {
            // The code waits at banklink: the server collects it the next time it is asked.
            "Your bank is connected. Its accounts will be here soon."
        }
    }
}

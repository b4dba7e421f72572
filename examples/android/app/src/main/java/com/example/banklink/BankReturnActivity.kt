package com.example.banklink

import android.app.Activity
import android.content.Intent
import android.os.Bundle

/**
 * Where `exampleapp://linked` leads from outside: back to the widget, if it is open, else to the app. What stands in the
 * address is not believed, since every app and page may open it; the widget hears from its server how it went.
 */
class BankReturnActivity : Activity() {
    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        val widget = Intent(this, BankLinkActivity::class.java)
        val target = if (BankLinkActivity.isOpen) widget else packageManager.getLaunchIntentForPackage(packageName)
        val flags = Intent.FLAG_ACTIVITY_NEW_TASK or Intent.FLAG_ACTIVITY_CLEAR_TOP or Intent.FLAG_ACTIVITY_SINGLE_TOP
        target?.let { startActivity(it.addFlags(flags)) }
        finish()
    }
}

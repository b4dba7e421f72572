package com.example.banklink

import android.app.Activity
import android.content.Context
import android.content.Intent
import android.net.Uri
import androidx.activity.result.contract.ActivityResultContract
import androidx.core.net.toUri

/** What the app knows of the widget. */
object BankLink {
    /** Where the widget is served. Nothing else is shown in the webview, and nobody else may talk to the app. */
    val WIDGET: Uri = "https://link.example".toUri()

    /** The app's redirect URI, to the letter as it is registered with banklink, and as in the manifest. */
    val REDIRECT: Uri = "exampleapp://linked".toUri()
}

/** How it ended. */
sealed interface BankLinkOutcome {
    /** A bank is linked. The code is for the app's server, which exchanges it; without one the server looks for it. */
    data class Linked(val code: String?) : BankLinkOutcome

    /** Nothing is linked. The reason is that of the message `EXIT`. */
    data class Left(val reason: String) : BankLinkOutcome

    /** The widget, or the app's server, could not be reached. */
    data object Unavailable : BankLinkOutcome
}

/** Opens the widget: `registerForActivityResult(LinkBank()) { outcome -> … }`. */
class LinkBank : ActivityResultContract<Unit, BankLinkOutcome>() {
    override fun createIntent(context: Context, input: Unit) = Intent(context, BankLinkActivity::class.java)

    override fun parseResult(resultCode: Int, intent: Intent?): BankLinkOutcome = when {
        resultCode == Activity.RESULT_OK -> BankLinkOutcome.Linked(intent?.getStringExtra(CODE))
        resultCode == UNAVAILABLE -> BankLinkOutcome.Unavailable
        else -> BankLinkOutcome.Left(intent?.getStringExtra(REASON) ?: "closed")
    }

    internal companion object {
        private const val UNAVAILABLE = Activity.RESULT_FIRST_USER
        private const val CODE = "code"
        private const val REASON = "reason"

        /** Hands the outcome to who asked for it. */
        fun answer(activity: Activity, outcome: BankLinkOutcome) = when (outcome) {
            is BankLinkOutcome.Linked -> activity.setResult(Activity.RESULT_OK, Intent().putExtra(CODE, outcome.code))
            is BankLinkOutcome.Left ->
                activity.setResult(Activity.RESULT_CANCELED, Intent().putExtra(REASON, outcome.reason))
            BankLinkOutcome.Unavailable -> activity.setResult(UNAVAILABLE)
        }
    }
}

/** Scheme, host and port: who a page is. */
internal fun originOf(url: Uri): String {
    val scheme = url.scheme?.lowercase()
    val port = if (url.port >= 0) url.port else if (scheme == "http") 80 else 443
    return "$scheme://${url.host?.lowercase()}:$port"
}

/** Whether this is the redirect URI, whatever parameters it came with. */
internal fun isRedirect(url: Uri) =
    originOf(url) == originOf(BankLink.REDIRECT) && url.path.orEmpty() == BankLink.REDIRECT.path.orEmpty()

/** What the redirect says about how it ended; nothing if it says nothing. */
internal fun outcomeOf(redirect: Uri): BankLinkOutcome? {
    // An address like `mailto:` has no query, and asking for one throws.
    if (!redirect.isHierarchical) return null
    val code = redirect.getQueryParameter("code")
    return when {
        redirect.getQueryParameter("error") != null -> BankLinkOutcome.Left("failed")
        // `/link` brings a code, `/v2/` the connection's id: the server finds the code that belongs to it.
        code != null || redirect.getQueryParameter("loginId") != null -> BankLinkOutcome.Linked(code)
        else -> null
    }
}

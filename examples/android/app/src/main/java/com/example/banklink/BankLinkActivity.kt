package com.example.banklink

import android.annotation.SuppressLint
import android.content.ActivityNotFoundException
import android.content.Intent
import android.net.Uri
import android.os.Bundle
import android.os.SystemClock
import android.view.ViewGroup.LayoutParams.MATCH_PARENT
import android.webkit.JavascriptInterface
import android.webkit.RenderProcessGoneDetail
import android.webkit.WebResourceError
import android.webkit.WebResourceRequest
import android.webkit.WebView
import android.webkit.WebViewClient
import android.widget.FrameLayout
import androidx.activity.ComponentActivity
import androidx.activity.addCallback
import androidx.activity.enableEdgeToEdge
import androidx.browser.customtabs.CustomTabsIntent
import androidx.core.net.toUri
import androidx.core.view.ViewCompat
import androidx.core.view.WindowInsetsCompat
import androidx.lifecycle.lifecycleScope
import androidx.webkit.WebViewCompat
import androidx.webkit.WebViewFeature
import java.io.IOException
import kotlinx.coroutines.Job
import kotlinx.coroutines.launch
import org.json.JSONException
import org.json.JSONObject

/** Shows the widget, and tells how it ended. [LinkBank] opens it. */
class BankLinkActivity : ComponentActivity() {
    private val server = BankLinkServer()
    private lateinit var root: FrameLayout
    private var webView: WebView? = null
    private var opening: Job? = null

    /** The link session, to go on with when the app was killed. It is no secret. */
    private var session: String? = null

    /** Whether the bank's own page is over the widget. */
    private var isAtBank = false

    /** When new tokens were asked for. */
    private var renewals = emptyList<Long>()

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        enableEdgeToEdge()
        root = FrameLayout(this)
        setContentView(root)
        // The webview ends at the keyboard, so that the page can scroll the field in focus into sight.
        ViewCompat.setOnApplyWindowInsetsListener(root) { view, insets ->
            val around = WindowInsetsCompat.Type.systemBars() or
                WindowInsetsCompat.Type.displayCutout() or
                WindowInsetsCompat.Type.ime()
            insets.getInsets(around).let { view.setPadding(it.left, it.top, it.right, it.bottom) }
            WindowInsetsCompat.CONSUMED
        }
        // Each step of the widget is an entry of the webview's history.
        onBackPressedDispatcher.addCallback(this) {
            webView?.takeIf { it.canGoBack() }?.goBack() ?: end(BankLinkOutcome.Left("closed"))
        }
        session = savedInstanceState?.getString(SESSION)
        isOpen = true
        begin()
    }

    override fun onResume() {
        super.onResume()
        isAtBank = false
    }

    override fun onSaveInstanceState(outState: Bundle) {
        super.onSaveInstanceState(outState)
        outState.putString(SESSION, session)
    }

    override fun onDestroy() {
        isOpen = false
        removeWebView()
        super.onDestroy()
    }

    private fun begin() {
        opening?.cancel()
        opening = lifecycleScope.launch {
            try {
                when (val beginning = server.begin(session)) {
                    is Beginning.Token -> show(beginning.token)
                    Beginning.Linked -> end(BankLinkOutcome.Linked(null))
                }
            } catch (_: IOException) {
                end(BankLinkOutcome.Unavailable)
            }
        }
    }

    /** Opens the widget, in a new webview: it has no history of a token that is used up. */
    @SuppressLint("SetJavaScriptEnabled")
    private fun show(token: String) {
        removeWebView()
        val view = WebView(this)
        view.settings.javaScriptEnabled = true
        // For the key of the tab's session. It ends with the process: see `session`.
        view.settings.domStorageEnabled = true
        view.settings.allowFileAccess = false
        view.settings.allowContentAccess = false
        view.webViewClient = Client()
        listen(view)
        root.addView(view, FrameLayout.LayoutParams(MATCH_PARENT, MATCH_PARENT))
        webView = view
        view.loadUrl(address(token))
    }

    private fun address(token: String): String {
        val address = BankLink.WIDGET.buildUpon().path("/v2/")
            .appendQueryParameter("authorizeToken", token)
            .appendQueryParameter("webview", "true")
            .appendQueryParameter("stringify", "true")
        session?.let { address.appendQueryParameter("requestId", it) }
        return address.build().toString()
    }

    private fun removeWebView() {
        webView?.let {
            root.removeView(it)
            it.destroy()
        }
        webView = null
    }

    /** Begins anew with another token. If new ones are refused as well, more won't help. */
    private fun renew() {
        val now = SystemClock.elapsedRealtime()
        renewals = renewals.filter { now - it < MINUTE } + now
        session = null
        if (renewals.size > MOST_TOKENS) end(BankLinkOutcome.Unavailable) else begin()
    }

    private fun end(outcome: BankLinkOutcome) {
        if (isFinishing) return
        opening?.cancel()
        comeToFront()
        LinkBank.answer(this, outcome)
        finish()
    }

    /** Puts an object `banklink` with a `postMessage` into the widget's page, and into no other. */
    private fun listen(view: WebView) {
        if (WebViewFeature.isFeatureSupported(WebViewFeature.WEB_MESSAGE_LISTENER)) {
            val origins = setOf(BankLink.WIDGET.toString())
            WebViewCompat.addWebMessageListener(view, "banklink", origins) { _, message, _, isMainFrame, _ ->
                if (isMainFrame) message.data?.let(::heard)
            }
        } else {
            view.addJavascriptInterface(Bridge(), "banklink")
        }
    }

    /** For webviews that can't tell who speaks. Nothing but the widget is ever shown in this one; that is checked again. */
    private inner class Bridge {
        @JavascriptInterface
        fun postMessage(text: String) = runOnUiThread {
            val shown = webView?.url?.toUri() ?: return@runOnUiThread
            if (originOf(shown) == originOf(BankLink.WIDGET)) heard(text)
        }
    }

    private fun heard(text: String) {
        if (isFinishing) return
        val message = try {
            JSONObject(text)
        } catch (_: JSONException) {
            return
        }
        val told = message.optJSONObject("banklink")
        if (told != null && !told.isNull("session")) session = told.optString("session")
        val step = message.optString("step")
        when {
            step == "OPEN_URL" -> openBank(message.optString("url").toUri())
            step == "REDIRECT" -> end(BankLinkOutcome.Linked(message.optString("code").ifEmpty { null }))
            step == "EXIT" -> message.optString("reason").let {
                // What the person did not choose is explained on the page, until they close it.
                if (it != "unsupported") end(BankLinkOutcome.Left(it))
            }
            step == "TOKEN_INVALID" -> renew()
            // The session that was to go on is over, or at a step that begins anew anyway.
            step == "ERROR" && message.optString("parameter") == "requestId" -> renew()
            step.startsWith("COMPONENT_LOAD_") -> comeToFront()
        }
    }

    /** Shows the bank's own page in the system's browser, over the widget, which waits for the bank's answer meanwhile. */
    private fun openBank(url: Uri) {
        if (url.scheme != "https" && originOf(url) != originOf(BankLink.WIDGET)) return
        try {
            CustomTabsIntent.Builder().build().launchUrl(this, url)
            isAtBank = true
        } catch (_: ActivityNotFoundException) {
            end(BankLinkOutcome.Unavailable)
        }
    }

    /**
     * The widget has moved on: what is over it in this task, the bank's page, is done. Android 15 may refuse this to an app
     * that another app's activity covers; then the person closes the tab.
     */
    private fun comeToFront() {
        if (!isAtBank) return
        isAtBank = false
        val flags = Intent.FLAG_ACTIVITY_CLEAR_TOP or Intent.FLAG_ACTIVITY_SINGLE_TOP
        startActivity(Intent(this, BankLinkActivity::class.java).addFlags(flags))
    }

    /** Leaves what is not the widget to the system: the bank's app, the bank's help, the app's terms. */
    private fun openOutside(url: Uri, isTapped: Boolean) {
        val scheme = url.scheme?.lowercase()
        if (scheme != "https" && (!isTapped || scheme == null || scheme in OF_THE_WEBVIEW)) return
        try {
            startActivity(Intent(Intent.ACTION_VIEW, url).addCategory(Intent.CATEGORY_BROWSABLE))
        } catch (_: ActivityNotFoundException) {
            // No app for it: the page still offers another way.
        }
    }

    private inner class Client : WebViewClient() {
        override fun shouldOverrideUrlLoading(view: WebView, request: WebResourceRequest): Boolean {
            val url = request.url
            when {
                // The widget has no frames.
                !request.isForMainFrame -> Unit
                originOf(url) == originOf(BankLink.WIDGET) -> return false
                isRedirect(url) -> outcomeOf(url)?.let(::end)
                else -> openOutside(url, request.hasGesture())
            }
            return true
        }

        override fun onReceivedError(view: WebView, request: WebResourceRequest, error: WebResourceError) {
            if (request.isForMainFrame) end(BankLinkOutcome.Unavailable)
        }

        /** The system took the page's memory. The app goes on, with a new webview. */
        override fun onRenderProcessGone(view: WebView, detail: RenderProcessGoneDetail): Boolean {
            removeWebView()
            begin()
            return true
        }
    }

    internal companion object {
        /** Whether there is one, for [BankReturnActivity]. */
        var isOpen = false
            private set

        private const val SESSION = "session"
        private const val MINUTE = 60_000L
        private const val MOST_TOKENS = 3

        /** What means something within a page only, or reaches into this app. */
        private val OF_THE_WEBVIEW = setOf("http", "javascript", "data", "blob", "file", "content", "about", "intent")
    }
}

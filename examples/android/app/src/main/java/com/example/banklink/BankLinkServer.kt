package com.example.banklink

import java.io.IOException
import java.net.HttpURLConnection
import java.net.URL
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import org.json.JSONException
import org.json.JSONObject

/** How to go on. */
sealed interface Beginning {
    /** Open the widget with this token. */
    data class Token(val token: String) : Beginning

    /** The session that was to go on has linked a bank meanwhile. */
    data object Linked : Beginning
}

/**
 * The app's own server: what it does is in `examples/README.md`. It alone has the client secret: it makes tokens, and
 * exchanges codes.
 */
class BankLinkServer(private val base: String = "https://app.example") {
    /**
     * A new authorize token for the person who is signed in to the app.
     *
     * @param session the link session that the app was killed in, if it was.
     */
    @Throws(IOException::class)
    suspend fun begin(session: String?): Beginning {
        val answer = post("/bank-links", JSONObject().put("session", session ?: JSONObject.NULL))
        try {
            val token = JSONObject(answer).optString("token")
            return if (token.isEmpty()) Beginning.Linked else Beginning.Token(token)
        } catch (error: JSONException) {
            throw IOException(error)
        }
    }

    /** Has the server exchange a code. Without one it looks through the codes that nobody has exchanged yet. */
    @Throws(IOException::class)
    suspend fun collect(code: String?) {
        post("/bank-links/collect", JSONObject().put("code", code ?: JSONObject.NULL))
    }

    /** Posts as the person who is signed in: put your app's own session on the request. */
    private suspend fun post(path: String, body: JSONObject): String = withContext(Dispatchers.IO) {
        val connection = URL(base + path).openConnection() as HttpURLConnection
        try {
            connection.requestMethod = "POST"
            connection.connectTimeout = TIMEOUT
            connection.readTimeout = TIMEOUT
            connection.doOutput = true
            connection.setRequestProperty("Content-Type", "application/json")
            connection.outputStream.use { it.write(body.toString().toByteArray()) }
            if (connection.responseCode !in 200..299) throw IOException("the server answered ${connection.responseCode}")
            connection.inputStream.bufferedReader().use { it.readText() }
        } finally {
            connection.disconnect()
        }
    }

    private companion object {
        /** Milliseconds. A person waits. */
        const val TIMEOUT = 15_000
    }
}

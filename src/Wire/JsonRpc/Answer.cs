using System.Text.Json;

namespace Supervisor.Wire.JsonRpc;

/// <summary>What a request of the other end is answered with. The result becomes JSON when the answer is written.</summary>
internal abstract record Answer(RpcId Id)
{
    internal sealed record Success(RpcId Id, Action<Utf8JsonWriter> WriteResult) : Answer(Id);

    internal sealed record Failure(RpcId Id, int Code, string Message) : Answer(Id);

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("jsonrpc"u8, "2.0"u8);
        Id.Write(json);

        switch (this)
        {
            case Success success:
                json.WritePropertyName("result"u8);
                success.WriteResult(json);
                break;
            case Failure failure:
                json.WriteStartObject("error"u8);
                json.WriteNumber("code"u8, failure.Code);
                json.WriteString("message"u8, failure.Message);
                json.WriteEndObject();
                break;
        }

        json.WriteEndObject();
    }
}
